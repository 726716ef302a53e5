-- +goose Up

-- Satisfaction surveys: how an inbox asks (JSON), and what was asked and answered.
alter table inbox add column survey text not null default '';

create table survey (
  id              {{id}} primary key,
  conversation_id {{id}} not null,             -- the one it counts for
  origin_id       {{id}} not null,             -- the one after which it was asked
  contact_id      {{id}} not null,
  inbox_id        {{id}} not null,
  queue_id        {{id}} not null,
  agent_id        {{id}} not null default '',
  token_hash      text not null unique,        -- of the link; the token is nowhere
  question        text not null,
  scale           text not null,
  comments        bigint not null,
  thanks          text not null,
  ended_at        bigint not null,
  asked_at        bigint not null,
  expires_at      bigint not null,
  answered_at     bigint not null default 0,
  score           bigint not null default 0,
  comment         text not null default '',
  superseded_at   bigint not null default 0,
  superseded_by   {{id}} not null default '',  -- the conversation of a merge that put it aside
  moved           text not null default ''     -- the conversations it counted for before, each with a space after it
);
create unique index survey_once on survey (origin_id, ended_at);
create index survey_conversation on survey (conversation_id);
create index survey_contact on survey (contact_id);
create index survey_score on survey (score, conversation_id) where superseded_at = 0;
create index survey_comment on survey (conversation_id) where superseded_at = 0 and comment <> '';
create index survey_answered on survey (answered_at) where answered_at > 0;

-- Notifications that were in a digest.
alter table notification add column mailed_at bigint not null default 0;
create index notification_unmailed on notification (agent_id, at) where read_at = 0 and mailed_at = 0;

-- E-mail to agents.
create table mail (
  id         {{id}} primary key,
  recipient  text not null,
  subject    text not null,
  body       text not null,
  html       text not null default '',
  file       text not null default '',         -- JSON
  state      text not null,
  error      text not null default '',
  created_at bigint not null
);

create table feedback (
  id       {{id}} primary key,
  agent_id {{id}} not null,
  at       bigint not null,
  kind     text not null,
  body     text not null,
  page     text not null,
  version  text not null,
  image    text not null default ''            -- base64
);
create index feedback_at on feedback (at);
