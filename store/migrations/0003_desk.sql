-- +goose Up

-- What an agent notes about a conversation, and where it went.
alter table conversation add column topic text not null default '';
alter table conversation add column summary text not null default '';
alter table conversation add column form_id {{id}} not null default '';
alter table conversation add column disposition_id {{id}} not null default '';
alter table conversation add column snoozed_until bigint not null default 0;
alter table conversation add column merged_into {{id}} not null default '';

-- What an item carries besides its text; JSON.
alter table item add column content text not null default '';
alter table item add column pinned_at bigint not null default 0;

alter table contact add column tags text not null default '';                   -- JSON
alter table contact add column merged_into {{id}} not null default '';
alter table contact add column erased_at bigint not null default 0;

-- Conversations among colleagues have no customer (S3-74); any number may be
-- ongoing.
insert into contact (id, name, known, created_at) values ('internal', 'Internal', 1, 0);
drop index conversation_ongoing;
create unique index conversation_ongoing on conversation (contact_id, inbox_id) where state <> 'closed' and contact_id <> 'internal';

-- An agent's own settings; JSON.
create table preference (
  agent_id {{id}} primary key references agent (id) on delete cascade,
  value    text not null
);
