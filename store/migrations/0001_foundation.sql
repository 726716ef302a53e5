-- +goose Up

-- One row: the lock that makes one writer at a time across nodes, the number
-- of the last event, and the version of the configuration.
create table head (
  id     int primary key check (id = 1),
  seq    bigint not null,
  config bigint not null
);
insert into head (id, seq, config) values (1, 0, 1);

create table setting (
  name  text primary key,
  value text not null
);

create table agent (
  id               {{id}} primary key,
  name             text not null,
  email            text not null,
  role             text not null,
  enabled          int not null default 1,
  deleted_at       bigint not null default 0,
  capacity         int,
  password_hash    text not null default '',
  invite_hash      text not null default '',
  invite_until     bigint not null default 0,
  status           text not null default 'offline',
  connected        int not null default 0,
  seen_at          bigint not null default 0,
  active_at        bigint not null default 0, -- last input at a desk
  auto_away        int not null default 0,    -- Away for want of input, not by choice
  load             int not null default 0,
  last_assigned_at bigint not null default 0, -- microseconds, strictly growing
  idle_since       bigint not null default 0, -- microseconds
  created_at       bigint not null
);
create unique index agent_email on agent (email) where deleted_at = 0;
create unique index agent_invite on agent (invite_hash) where invite_hash <> '';
create index agent_seen on agent (seen_at) where connected = 1;

create table queue (
  id         {{id}} primary key,
  name       text not null,
  is_default int not null default 0,
  strategy   text not null,
  capacity   int,
  sticky     text,
  version    int not null default 1,
  created_at bigint not null
);
create unique index queue_name on queue (name);
create unique index queue_default on queue (is_default) where is_default = 1;

-- An agent's place in a queue. ready and turn follow the agent's state, so
-- that choosing the next one is a step in the index member_turn (ADR 0004).
create table member (
  queue_id  {{id}} not null references queue (id),
  agent_id  {{id}} not null references agent (id),
  can_reply int not null default 1,
  strategy  text not null,   -- the queue's
  room      int not null,    -- effective capacity here
  ready     int not null default 0,
  turn      bigint not null default 0,
  primary key (queue_id, agent_id)
){{clustered}};
create index member_agent on member (agent_id);
create index member_turn on member (queue_id, turn, agent_id) where ready = 1;

create table inbox (
  id         {{id}} primary key,
  channel    text not null,
  name       text not null,
  queue_id   {{id}} not null default '',
  enabled    int not null default 1,
  pulls      int not null default 0,
  options    text not null default '{}',
  secrets    text not null default '{}', -- sealed
  created_at bigint not null
);

create table contact (
  id         {{id}} primary key,
  name       text not null default '',
  known      int not null default 0,
  created_at bigint not null
);
create table contact_point (
  kind       text not null,
  address    {{id}} not null,
  contact_id {{id}} not null references contact (id),
  shown      text not null default '',
  created_at bigint not null,
  primary key (kind, address)
){{clustered}};
create index contact_point_contact on contact_point (contact_id);

create table conversation (
  id                {{id}} primary key,
  contact_id        {{id}} not null references contact (id),
  inbox_id          {{id}} not null,
  queue_id          {{id}} not null default '',
  assignee_id       {{id}} not null default '',
  state             text not null,
  priority          int not null default 2,
  point_kind        text not null default '',
  point_address     text not null default '',
  point_shown       text not null default '',
  follows           {{id}} not null default '',
  wait_queue        {{id}} not null default '', -- the queue it waits in, '' when it does not wait
  wait_agent        {{id}} not null default '',
  wait_since        bigint not null default 0,
  wait_reason       text not null default '',
  wait_for          text not null default '',
  transfer_queue    {{id}} not null default '',
  transfer_by       {{id}} not null default '',
  transfer_reason   text not null default '',
  transfer_since    bigint not null default 0,
  transfer_until    bigint not null default 0,
  excluded          text not null default '', -- ids, separated by spaces
  why_id            {{id}} not null default '',
  why_sentence      text not null default '',
  why_rung          text not null default '',
  why_at            bigint not null default 0,
  while_unavailable int not null default 0,
  last_seq          int not null default 0,
  customer_seen     int not null default 0,
  agent_seen        int not null default 0,
  last_text         text not null default '',
  last_by           text not null default '',
  last_at           bigint not null default 0,
  awaits_since      bigint not null default 0,
  replies           int not null default 0,
  opened_at         bigint not null,
  assigned_at       bigint not null default 0,
  solved_at         bigint not null default 0,
  closed_at         bigint not null default 0,
  version           int not null default 1
);
-- S3-25: one ongoing conversation per contact and inbox.
create unique index conversation_ongoing on conversation (contact_id, inbox_id) where state <> 'closed';
create index conversation_contact on conversation (contact_id, opened_at);
create index conversation_held on conversation (assignee_id) where assignee_id <> '' and state in ('open', 'pending');
create index conversation_active on conversation (opened_at, id) where state in ('open', 'pending');
create index conversation_ended on conversation (last_at, id) where state in ('solved', 'closed');
create index conversation_waiting on conversation (wait_queue, wait_agent, priority desc, wait_since, id) where wait_queue <> '';
create index conversation_reserved on conversation (id) where wait_queue <> '' and wait_agent <> '';
create index conversation_transfer on conversation (transfer_until) where transfer_queue <> '';

-- One ordered thread: messages, notes, events.
create table item (
  conversation_id {{id}} not null references conversation (id),
  seq             int not null,
  kind            text not null,
  author_kind     text not null,
  author_id       {{id}} not null default '',
  author_name     text not null default '',
  body            text not null default '',
  event           text not null default '',
  data            text not null default '',
  inbox_id        {{id}} not null default '',
  external_id     {{id}} not null default '',
  client_id       {{id}} not null default '',
  delivery        text not null default '',
  error           text not null default '',
  at              bigint not null,
  primary key (conversation_id, seq)
){{clustered}};
create unique index item_external on item (inbox_id, external_id) where external_id <> '';
create unique index item_client on item (conversation_id, client_id) where client_id <> '';

-- The append-only log.
create table event (
  seq             {{seq}} primary key,
  at              bigint not null,
  kind            text not null,
  conversation_id {{id}} not null default '',
  queue_id        {{id}} not null default '',
  agent_id        {{id}} not null default '',
  contact_id      {{id}} not null default '',
  from_queue      {{id}} not null default '',
  from_agent      {{id}} not null default '',
  to_queue        {{id}} not null default '',
  data            text not null default ''
);

create table decision (
  id              {{id}} primary key,
  conversation_id {{id}} not null,
  at              bigint not null,
  cause           text not null,
  policy          text not null,
  queue_id        {{id}} not null default '',
  rung            text not null,
  agent_id        {{id}} not null default '',
  sentence        text not null,
  waits_for       text not null default '',
  hold_for        {{id}} not null default '',
  override        int not null default 0,
  candidates      text not null default '[]',
  inputs          text not null default ''
);
create index decision_conversation on decision (conversation_id, at);

create table affinity (
  contact_id      {{id}} not null references contact (id),
  agent_id        {{id}} not null references agent (id),
  conversation_id {{id}} not null,
  queue_id        {{id}} not null default '',
  replies         int not null default 0, -- in that conversation
  ended_at        bigint not null,
  primary key (contact_id, agent_id)
){{clustered}};

create table sticky_agent (
  id         {{id}} primary key,
  title      text not null,
  agent_id   {{id}} not null references agent (id),
  enabled    int not null default 1,
  created_at bigint not null,
  updated_at bigint not null
);
create table sticky_point (
  sticky_id {{id}} not null references sticky_agent (id) on delete cascade,
  pos       int not null,
  kind      text not null,
  address   {{id}} not null,
  shown     text not null default '',
  enabled   int not null default 1,
  primary key (sticky_id, pos)
){{clustered}};
-- C6: a contact point belongs to at most one enabled record.
create unique index sticky_point_taken on sticky_point (kind, address) where enabled = 1;

create table visitor (
  token_hash    {{id}} primary key,
  inbox_id      {{id}} not null,
  contact_id    {{id}} not null default '',
  point_kind    text not null default '',
  point_address text not null default '',
  verified      int not null default 0,
  created_at    bigint not null,
  expires_at    bigint not null
);
create index visitor_expiry on visitor (expires_at);

create table session (
  token_hash {{id}} primary key,
  agent_id   {{id}} not null references agent (id),
  created_at bigint not null,
  expires_at bigint not null,
  user_agent text not null default ''
);
create index session_agent on session (agent_id);
create table sign_in_link (
  token_hash {{id}} primary key,
  agent_id   {{id}} not null references agent (id),
  expires_at bigint not null
);

create table audit (
  id         {{id}} primary key,
  at         bigint not null,
  actor_id   text not null,
  actor_name text not null,
  action     text not null,
  subject    text not null,
  detail     text not null default ''
);

create table job (
  id         {{id}} primary key,
  kind       text not null,
  unique_key {{id}} not null default '',
  args       text not null,
  due_at     bigint not null,
  attempts   int not null default 0,
  failed     int not null default 0,
  error      text not null default '',
  created_at bigint not null
);
create index job_due on job (due_at) where failed = 0;
create unique index job_unique on job (kind, unique_key) where unique_key <> '' and failed = 0;
