-- +goose Up

-- How far the index of search has followed the event log: it stands with the index.
create table search_cursor (
  id    int primary key check (id = 1),
  seq   bigint not null,
  event text not null default '' -- what the event of that number was, to know another database's log
);
{{postgres}} insert into search_cursor (id, seq) select 1, seq from cursor_position where name = 'search';
