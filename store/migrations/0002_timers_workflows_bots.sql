-- +goose Up

-- What a conversation waits for is one moment: its states exclude each other
-- (ADR 0008). timer_at is 0 where nothing is armed.
alter table conversation add column bot_id {{id}} not null default '';          -- the bot that holds it
alter table conversation add column hops int not null default 0;                -- reassignments since the last answer
alter table conversation add column timer_kind text not null default '';
alter table conversation add column timer_at bigint not null default 0;
alter table conversation add column silent_since bigint not null default 0;     -- since when we wait for the customer
alter table conversation add column warned_at bigint not null default 0;        -- told that it will be closed
alter table conversation add column untimed int not null default 0;             -- a workflow looks after the answer
alter table conversation add column wait_until bigint not null default 0;       -- end of a bounded hold
alter table conversation add column ended_by text not null default '';          -- what solved it: agent, inactivity, workflow
alter table conversation add column tags text not null default '';              -- JSON
alter table conversation add column fields text not null default '';            -- JSON
create index conversation_timer on conversation (timer_at) where timer_at > 0;
create index conversation_bot on conversation (opened_at, id) where bot_id <> '';

alter table contact add column fields text not null default '';                 -- JSON
alter table queue add column rules text not null default '';                    -- JSON: hours, timers, fallback
alter table inbox add column rules text not null default '';                    -- JSON: live or messaging, silence
alter table inbox add column bot_id {{id}} not null default '';                 -- who answers first

alter table agent add column custom_status {{id}} not null default '';
alter table agent add column left_at bigint not null default 0;                 -- offline since; 0 once looked after
create index agent_left on agent (left_at) where left_at > 0;

-- Statuses that supervisors define (S3-13).
create table custom_status (
  id         {{id}} primary key,
  name       text not null,
  base       text not null,
  color      text not null,
  pos        int not null default 0,
  enabled    int not null default 1,
  created_at bigint not null
);
create unique index custom_status_name on custom_status (name) where enabled = 1;

-- Each change of what an agent is, for utilisation.
create table status_change (
  id           {{id}} primary key,
  agent_id     {{id}} not null,
  at           bigint not null,
  availability text not null,
  sub          text not null default '',
  custom_id    {{id}} not null default '',
  custom_name  text not null default '',
  by_id        {{id}} not null default ''
);
create index status_change_agent on status_change (agent_id, at);

create table notification (
  id              {{id}} primary key,
  agent_id        {{id}} not null,
  at              bigint not null,
  kind            text not null,
  conversation_id {{id}} not null default '',
  text            text not null,
  read_at         bigint not null default 0
);
create index notification_agent on notification (agent_id, at);

create table bot (
  id         {{id}} primary key,
  kind       text not null,
  name       text not null,
  enabled    int not null default 1,
  options    text not null default '{}',
  secrets    text not null default '{}', -- sealed
  rules      text not null default '{}', -- JSON: time-out, where to hand off
  created_at bigint not null
);
create unique index bot_name on bot (name);

create table workflow (
  id         {{id}} primary key,
  name       text not null,
  draft      text not null,             -- JSON
  published  int not null default 0,    -- version that is live; 0: none
  versions   int not null default 0,
  enabled    int not null default 1,
  live_since bigint not null default 0, -- events before are none of its business
  next_at    bigint not null default 0, -- when its schedule is due; 0: none
  created_at bigint not null,
  updated_at bigint not null
);
create unique index workflow_name on workflow (name);
create index workflow_next on workflow (next_at) where next_at > 0;
create table workflow_version (
  workflow_id  {{id}} not null references workflow (id) on delete cascade,
  version      int not null,
  definition   text not null,           -- JSON
  note         text not null default '',
  by_name      text not null default '',
  published_at bigint not null,
  primary key (workflow_id, version)
){{clustered}};

-- One row per run. awaits names the event it waits for, due_at its time-out.
create table workflow_run (
  id              {{id}} primary key,
  workflow_id     {{id}} not null,
  version         int not null,
  conversation_id {{id}} not null default '',
  status          text not null,        -- running, waiting, done, failed, stopped
  step            text not null default '',
  awaits          text not null default '',
  state           text not null,        -- JSON
  steps           int not null default 0,
  due_at          bigint not null default 0,
  error           text not null default '',
  started_at      bigint not null,
  ended_at        bigint not null default 0
);
create index workflow_run_due on workflow_run (due_at) where due_at > 0;
create index workflow_run_conversation on workflow_run (conversation_id, started_at);
create index workflow_run_workflow on workflow_run (workflow_id, started_at);
create index workflow_run_active on workflow_run (workflow_id, step) where status in ('running', 'waiting');
create index workflow_run_awaits on workflow_run (conversation_id) where awaits <> '';
create table workflow_log (
  run_id  {{id}} not null references workflow_run (id) on delete cascade,
  n       int not null,
  at      bigint not null,
  step    text not null,
  outcome text not null,                -- done, waited, true, false, error, …
  detail  text not null default '',
  primary key (run_id, n)
){{clustered}};

-- How far each reader of the event log has come.
create table cursor_position (
  name text primary key,
  seq  bigint not null
);
