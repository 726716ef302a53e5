-- +goose Up

-- What lists are sorted by, kept beside each conversation so that an index
-- gives every list in its order.
alter table conversation add column standing int not null default 1;         -- open 1, pending 2, snoozed 3, solved 4, closed 5
alter table conversation add column sort_at bigint not null default 0;       -- of the last message; of its end once it is over
alter table conversation add column sort_name {{id}} not null default '';    -- the customer's shown name, folded
update conversation set
  standing = case state when 'open' then 1 when 'pending' then case when snoozed_until > 0 then 3 else 2 end when 'solved' then 4 else 5 end,
  sort_at = case when state = 'closed' and closed_at > 0 then closed_at when state in ('solved', 'closed') and solved_at > 0 then solved_at
    when last_at > 0 then last_at else opened_at end,
  sort_name = coalesce((select lower(k.name) from contact k where k.id = conversation.contact_id), '');

create index conversation_listed on conversation (standing, sort_at, id);
create index conversation_queue on conversation (queue_id, standing, sort_at, id);
create index conversation_assignee on conversation (assignee_id, standing, sort_at, id) where assignee_id <> '';
create index conversation_name on conversation (standing, sort_name, id);
create index conversation_inbox on conversation (inbox_id, standing) where inbox_id <> ''; -- for who names it only: to find a customer's it is a bad one
create index conversation_priority on conversation (priority, standing) where priority <> 2;
create index conversation_line on conversation (priority, wait_since, id) where wait_queue <> '';
create index conversation_line_at on conversation (standing, sort_at, id) where wait_queue <> '';
create index conversation_line_queue on conversation (queue_id, standing, sort_at, id) where wait_queue <> '';
create index conversation_line_name on conversation (standing, sort_name, id) where wait_queue <> '';
drop index conversation_held;   -- conversation_assignee serves
drop index conversation_active; -- conversation_listed serves
drop index conversation_ended;

-- Which conversations have a tag; the truth is conversation.tags.
create table conversation_tag (
  tag             {{id}} not null,
  conversation_id {{id}} not null,
  primary key (tag, conversation_id)
){{clustered}};

-- Lists that people keep under a name.
create table saved_view (
  id         {{id}} primary key,
  owner_id   {{id}} not null,
  name       text not null,
  definition text not null,            -- JSON: view, filter, sort, columns, layout
  shared     text not null default '', -- '': with nobody; queues, all
  queues     text not null default '', -- JSON
  version    int not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  deleted_at bigint not null default 0
);
create index saved_view_owner on saved_view (owner_id);
create index saved_view_shared on saved_view (id) where shared <> '';

-- Where an agent has put a saved view in the navigation.
create table view_place (
  agent_id {{id}} not null,
  view_id  {{id}} not null references saved_view (id) on delete cascade,
  pinned   int not null,
  pos      int not null,
  primary key (agent_id, view_id)
){{clustered}};

-- One change of many conversations.
create table bulk (
  id         {{id}} primary key,
  agent_id   {{id}} not null,
  action     text not null,            -- JSON
  ids        text not null,            -- of the conversations, separated by spaces
  total      int not null,
  next       int not null default 0,   -- how far it has come
  done       int not null default 0,
  refused    int not null default 0,
  skipped    int not null default 0,
  undoes     {{id}} not null default '',
  undone_by  {{id}} not null default '',
  created_at bigint not null,
  ended_at   bigint not null default 0
);
create index bulk_agent on bulk (agent_id, created_at);
create table bulk_item (
  bulk_id         {{id}} not null references bulk (id) on delete cascade,
  n               int not null,
  conversation_id {{id}} not null,
  outcome         text not null,            -- done, refused, skipped
  reason          text not null default '',
  before          text not null default '', -- JSON: what undoing needs
  after           text not null default '',
  primary key (bulk_id, n)
){{clustered}};
