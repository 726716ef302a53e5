-- +goose Up

-- Stock text, macros, forms and the like: what they are found and kept apart by
-- are columns, the rest is JSON.
create table canned (
  id       {{id}} primary key,
  owner_id {{id}} not null default '',      -- whose own it is; '': shared
  shortcut text not null,
  value    text not null,
  used     int not null default 0
);
create unique index canned_shortcut on canned (owner_id, shortcut);

create table template (
  id       {{id}} primary key,
  inbox_id {{id}} not null,
  name     text not null,
  language text not null,
  value    text not null
);
create unique index template_name on template (inbox_id, name, language);

create table macro (
  id    {{id}} primary key,
  name  text not null,
  value text not null,
  used  int not null default 0
);
create unique index macro_name on macro (name);

create table form (
  id    {{id}} primary key,
  name  text not null,
  pos   int not null default 0,
  value text not null
);
create unique index form_name on form (name);

-- A queue has at most one form of its own.
create table form_default (
  queue_id {{id}} primary key,
  form_id  {{id}} not null references form (id) on delete cascade
);

create table disposition (
  id    {{id}} primary key,
  code  text not null,
  pos   int not null default 0,
  value text not null
);
create unique index disposition_code on disposition (code);

-- The catalogue of tags; conversations name their tags themselves. fold: the
-- name in lower case.
create table tag (
  name  text primary key,
  fold  text not null,
  value text not null
);
create unique index tag_fold on tag (fold);

-- Renaming a tag in all conversations is done in steps.
create table retagging (
  id          {{id}} primary key,
  from_tag    text not null,
  to_tag      text not null,
  changed     int not null default 0,
  after_id    {{id}} not null default '',   -- it came so far
  started_at  bigint not null,
  finished_at bigint not null default 0
);
create index retagging_started on retagging (started_at);

-- More than this many hours after the customer's last message only an approved
-- template may be sent; 0: any text at any time (S3-51).
alter table inbox add column window_hours int not null default 0;

create index conversation_disposition on conversation (disposition_id) where disposition_id <> '';
