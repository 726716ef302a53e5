-- +goose Up

-- Which conversation takes what a customer sends to an inbox, besides the one
-- that the inbox itself has ongoing: after a change of channel (S3-42) and
-- after a merge (S3-61). It counts until that conversation is closed. The inbox
-- '' stands for every inbox, as far as the address is newer than the
-- conversation.
create table joined (
  contact_id      {{id}} not null references contact (id),
  inbox_id        {{id}} not null,
  conversation_id {{id}} not null references conversation (id),
  primary key (contact_id, inbox_id)
){{clustered}};
create index joined_conversation on joined (conversation_id);

-- Conversations that agents began, by the ids that their desks gave (S3-24):
-- the same again is the same conversation.
create table begun (
  agent_id        {{id}} not null,
  client_id       {{id}} not null,
  conversation_id {{id}} not null references conversation (id),
  seq             int not null,
  at              bigint not null,
  primary key (agent_id, client_id)
){{clustered}};
create index begun_at on begun (at);

-- A conversation whose thread went into another one, and how both were before
-- (S3-57). Item n of the one is item offset_by + n of the other.
create table merged (
  id        {{id}} primary key,
  into_id   {{id}} not null references conversation (id),
  from_id   {{id}} not null references conversation (id),
  offset_by int not null,
  last_seq  int not null,          -- of the thread that moved
  before    text not null,         -- JSON
  by_id     {{id}} not null default '',
  at        bigint not null,
  undone_at bigint not null default 0
);
create unique index merged_from on merged (from_id) where undone_at = 0;
create index merged_into on merged (into_id);

-- The order of a merged thread is by time: place. 0 is seq.
alter table item add column place int not null default 0;
create index item_place on item (conversation_id, place) where place > 0;

-- Customers whose browsers may come back to an inbox for an answer.
create index visitor_point on visitor (point_kind, point_address, inbox_id);
