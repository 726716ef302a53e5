-- +goose Up

-- What is known of customers, as an admin defines it. Values rest in
-- contact.fields under the name.
create table attribute (
  name     {{id}} primary key,
  label    text not null,
  kind     text not null,
  choices  text not null default '', -- JSON
  help     text not null default '',
  shown    int not null default 0,
  pos      int not null default 0,
  built_in int not null default 0
);
insert into attribute (name, label, kind, choices, shown, pos, built_in) values
  ('gender', 'Gender', 'choice', '["Female","Male","Non-binary"]', 1, 1, 1),
  ('city', 'City', 'text', '', 1, 2, 1),
  ('country', 'Country', 'country', '', 1, 3, 1),
  ('language', 'Language', 'language', '', 0, 4, 1),
  ('time_zone', 'Time zone', 'time_zone', '', 0, 5, 1);

-- active_at follows the event log: when something happened with the customer
-- last, to the minute.
alter table contact add column active_at bigint not null default 0;
update contact set active_at = coalesce((select max(c.last_at) from conversation c where c.contact_id = contact.id), created_at);
create index contact_active on contact (active_at, id) where merged_into = '';
create index contact_name on contact (lower(name), id) where merged_into = '';
create index contact_merged on contact (merged_into) where merged_into <> '';

-- What a customer is found by and compared with: tag, field:<name>, phone,
-- email, name. Values are folded. It follows the event log, but for tags and
-- fields, which are written with the contact.
create table contact_key (
  kind       {{id}} not null,
  value      {{id}} not null,
  contact_id {{id}} not null,
  primary key (kind, value, contact_id)
){{clustered}};
create index contact_key_contact on contact_key (contact_id, kind);

-- Two who may be the same person. a < b.
create table contact_duplicate (
  a         {{id}} not null,
  b         {{id}} not null,
  reason    text not null,            -- phone, email, name
  shared    text not null default '', -- what they share
  score     int not null default 0,
  found_at  bigint not null,
  dismissed int not null default 0,   -- somebody said that they are not the same
  primary key (a, b)
){{clustered}};
create index contact_duplicate_open on contact_duplicate (score desc, a, b) where dismissed = 0;
create index contact_duplicate_b on contact_duplicate (b);

create table contact_merge (
  id        {{id}} primary key,
  into_id   {{id}} not null,
  from_id   {{id}} not null,
  from_name text not null default '',
  linked    int not null default 0,
  at        bigint not null,
  by_id     {{id}} not null default '',
  by_name   text not null default '',
  undone_at bigint not null default 0,
  state     text not null              -- JSON: what was there before
);
create index contact_merge_into on contact_merge (into_id, at);
create index contact_merge_from on contact_merge (from_id, at);

create table contact_change (
  id         {{id}} primary key,
  contact_id {{id}} not null,
  at         bigint not null,
  by_id      {{id}} not null default '',
  by_name    text not null default '',
  action     text not null,
  detail     text not null default '' -- JSON
);
create index contact_change_contact on contact_change (contact_id, id);

-- A file of customers under way. text is dropped when it is done.
create table contact_import (
  id         {{id}} primary key,
  at         bigint not null,
  by_id      {{id}} not null,
  by_name    text not null,
  name       text not null default '',
  text       text not null,
  status     text not null,            -- checking, checked, running, done, failed
  lines      int not null default 0,
  good       int not null default 0,
  bad        int not null default 0,
  done       int not null default 0,   -- lines worked through
  added      int not null default 0,
  changed    int not null default 0,
  skipped    int not null default 0,
  problems   text not null default '', -- JSON: the first bad lines
  error      text not null default '',
  ended_at   bigint not null default 0
);
