import { Access } from '@/protocol/access';

/** Who this page is let in as. */
export const access = new Access();
