-- +goose Up

-- The index of search. It is derived: whatever is lost here is made again from
-- conversations, items and contacts. Documents of messages are numbered
-- n * 64 + place, where n is the number of their part; both grow with time.

{{fulltext search_message}}
{{fulltext search_conversation}}
{{fulltext search_contact}}

-- Sixty-four items in a row of one conversation.
create table search_part (
  n               {{seq}} primary key,
  conversation_id {{id}} not null,
  part            int not null,               -- its items are 64 * part + 1 to 64 * part + 64
  indexed         int not null default 0,     -- the last item that is in the index
  scope           text not null default '',   -- for whom they can be found
  about           text not null default '',   -- of part 0: what the conversation is found by, as a checksum
  unique (conversation_id, part)
);

create table search_customer (
  n          {{seq}} primary key,
  contact_id {{id}} not null unique,
  scope      text not null default '',
  words      text not null default '',        -- of the name, as they are counted in search_word
  about      text not null default ''         -- what the customer is found by, as a checksum
);

-- The words of customers' names, and the spellings that lead to them.
create table search_word (
  word {{id}} primary key,
  uses int not null
){{clustered}};
create table search_spelling (
  spelling {{id}} not null,
  word     {{id}} not null,
  primary key (spelling, word)
){{clustered}};
create index search_spelling_word on search_spelling (word);

-- What has to be indexed besides what the log tells.
create table search_todo (
  kind text not null,                         -- conversation, contact
  id   {{id}} not null,
  anew int not null default 0,                -- drop first what is there
  primary key (kind, id)
){{clustered}};

-- How far indexing what was there before has come: from the newest to the oldest.
create table search_progress (
  kind     text primary key,                  -- conversation, contact
  below    {{id}} not null default '',        -- '' at the start
  done     bigint not null default 0,
  total    bigint not null default 0,
  ended_at bigint not null default 0
);
