-- +goose Up

-- Attachments. Their bytes are in the blob store: under the id once they are
-- complete, in parts before that.
create table file (
  id              {{id}} primary key,
  owner           text not null,                    -- who uploaded it and may use it: agent:id, or inbox:id/kind:address
  conversation_id {{id}} not null default '',       -- '' while no item has it
  purpose         text not null,                    -- what it was checked for: a kind of channel, or note
  state           text not null,                    -- partial, ready, gone
  name            text not null,
  type            text not null default '',
  size            bigint not null,                  -- as announced, and as it is once ready
  width           bigint not null default 0,
  height          bigint not null default 0,
  seconds         bigint not null default 0,
  thumb           bigint not null default 0,
  received        bigint not null default 0,        -- bytes on disk
  parts           text not null default '',         -- JSON
  created_at      bigint not null
);
create index file_loose on file (created_at) where conversation_id = '' or state = 'gone';
create index file_conversation on file (conversation_id) where conversation_id <> '';
create index file_joined on file (created_at) where state = 'ready' and parts <> '';
create index file_owner on file (owner, created_at);
