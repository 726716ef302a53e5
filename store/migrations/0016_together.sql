-- +goose Up

-- What an agent is writing: theirs alone, on every machine of theirs.
create table draft (
  agent_id        {{id}} not null references agent (id) on delete cascade,
  conversation_id {{id}} not null,
  kind            text not null,                                                -- message, note
  body            text not null,
  content         text not null default '',                                     -- JSON
  version         int not null,
  saved_at        bigint not null,
  inbox_id        {{id}} not null default '',                                   -- by which a reply is to go
  primary key (agent_id, conversation_id, kind)
);

-- Messages of agents that wait to leave: for a moment in which they can be
-- taken back, or until a time that was chosen. A job sends each.
create table outgoing (
  id              {{id}} primary key,
  conversation_id {{id}} not null references conversation (id) on delete cascade,
  agent_id        {{id}} not null,
  kind            text not null,                                                -- undo, scheduled
  body            text not null,
  content         text not null default '',                                     -- JSON
  client_id       text not null default '',
  rest            text not null default '',                                     -- JSON: the way it goes, its template, what happens with it
  due_at          bigint not null,
  only_silent     int not null default 0,                                       -- not if the customer has written since
  last_seq        int not null,                                                 -- the end of the thread when it was written
  state           text not null,                                                -- waiting, sent, cancelled, failed
  reason          text not null default '',                                     -- why it did not leave
  version         int not null,
  created_at      bigint not null
);
create index outgoing_waiting on outgoing (conversation_id, created_at) where state = 'waiting';
create index outgoing_ended on outgoing (due_at) where state <> 'waiting';
create index outgoing_failed on outgoing (conversation_id) where state = 'failed';
create unique index outgoing_client on outgoing (conversation_id, client_id) where client_id <> '';

alter table conversation add column woke_at bigint not null default 0;          -- end of the last snooze
alter table conversation add column started_by {{id}} not null default '';      -- who began it, of one among colleagues
create index conversation_started on conversation (started_by) where started_by <> '';
create index item_pinned on item (conversation_id, seq) where pinned_at > 0;
alter table notification add column seq int not null default 0;                 -- the item that it is about

-- Conversations that belong together, each pair once in either direction.
create table conversation_link (
  conversation_id {{id}} not null references conversation (id) on delete cascade,
  other_id        {{id}} not null references conversation (id) on delete cascade,
  at              bigint not null,
  primary key (conversation_id, other_id)
);

-- Boxes of the side panel that show what another system knows (S3-73).
create table context_card (
  id         {{id}} primary key,
  name       text not null,
  enabled    int not null default 1,
  pos        int not null default 0,
  source     text not null,                                                     -- JSON
  sealed     text not null default '',                                          -- JSON: secret by name
  version    int not null,
  created_at bigint not null
);
create unique index context_card_name on context_card (name);

-- Attempts to write fields of a card back, so that a repeated click writes once.
create table card_write (
  key             text primary key,
  card_id         {{id}} not null,
  conversation_id {{id}} not null,
  agent_id        {{id}} not null,
  what            text not null,                                                -- checksum
  done            int not null default 0,
  at              bigint not null
);
create index card_write_at on card_write (at);
