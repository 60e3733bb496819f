// The wire's shapes, as man/salon-protocol.7 has them. Unknown members are ignored.

export interface User {
    id: number;
    username: string;
    display_name: string;
    avatar: string | null;
    role: 'user' | 'moderator' | 'admin';
    online: boolean;
    last_seen: string | null;
}

export type Status = 'online' | 'away' | 'busy' | 'invisible';
export type Shown = 'online' | 'away' | 'busy' | 'offline';

export interface OwnUser extends User {
    email: string | null;
    status?: Status;
}

export type Tick = 'sent' | 'received' | 'read';

export interface Message {
    id: number;
    conversation: number;
    seq: number;
    rev: number;
    from: number;
    content: string | null;
    timestamp: string;
    edited_at: string | null;
    deleted: boolean;
    reply_to: number | null;
    state: Tick;
}

export interface Receipt {
    user: number;
    received: number;
    read: number;
}

export interface Conversation {
    id: number;
    kind: 'direct' | 'room';
    name: string | null;
    topic: string | null;
    private: boolean;
    members: number;
    seq: number;
    rev: number;
    unread: number;
    last_message: Message | null;
    receipts: Receipt[];
    peer: User | null;
}

export interface ServerInfo {
    registration: 'open' | 'closed';
    email: 'off' | 'optional' | 'required';
    password_min: number;
}

export interface SessionInfo {
    id: number;
    created_at: string;
    last_used_at: string;
    ip: string;
    user_agent: string;
    current: boolean;
}

export interface Admission {
    user: OwnUser;
    access_token: string;
    expires_in: number;
}

export interface FieldFault {
    field: string;
    code: string;
    detail: string;
}

export interface Changes {
    messages: Message[];
    rev: number;
    receipts: Receipt[];
    more: boolean;
    reset?: boolean;
    conversation_info?: Conversation;
}

/** One's own state is told as it is, `invisible` too; of others that is `offline`. */
export type PresenceEntry = { id: number; status: Status | Shown; last_seen: string | null };

type LiveMessage = {
    conversation: number;
    message: number;
    seq: number;
    rev: number;
    from: number;
    content: string;
    timestamp: string;
    reply_to?: number;
};

export type ServerFrame =
    | { type: 'welcome'; user: OwnUser; session: number; heartbeat: number; protocol: string }
    | ({ type: 'dm'; to: number } & LiveMessage)
    | ({ type: 'message'; room?: string } & LiveMessage)
    | {
          type: 'ack';
          id: string;
          conversation?: number;
          message?: number;
          seq?: number;
          rev?: number;
          timestamp?: string;
          edited_at?: string;
          status?: Status;
          /** What was stored, when a hook made something else of what was sent. */
          content?: string;
      }
    | {
          type: 'error';
          id?: string;
          code: string;
          message: string;
          retry_after?: number;
          errors?: FieldFault[];
      }
    | {
          type: 'edited';
          conversation: number;
          message: number;
          seq: number;
          rev: number;
          content: string;
          edited_at: string;
      }
    | { type: 'deleted'; conversation: number; message: number; seq: number; rev: number }
    | { type: 'receipt'; conversation: number; user: number; received: number; read: number }
    | { type: 'presence'; id?: string; users?: PresenceEntry[] }
    | { type: 'typing'; conversation: number; user: number; on: boolean }
    | ({ type: 'changes'; conversation: number } & Changes)
    | { type: 'resumed'; id?: string }
    | { type: 'pong'; id?: string };

export type ClientFrame =
    | { type: 'message'; conversation: number; content: string; id: string; reply_to?: number }
    | { type: 'edit'; message: number; content: string; id: string }
    | { type: 'delete'; message: number; id: string }
    | { type: 'received' | 'read'; conversation: number; seq: number; id: string }
    | { type: 'typing'; conversation: number; on: boolean }
    | { type: 'presence'; status: Status; id?: string }
    | { type: 'watch'; users: number[] | null; id?: string }
    | { type: 'resume'; have: Record<string, number>; id?: string }
    | { type: 'ping' };
