import { Engine } from '@/store/engine';
import { access } from './access';

/** The one engine of this page. */
export const engine = new Engine(access);
