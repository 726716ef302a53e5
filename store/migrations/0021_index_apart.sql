-- +goose Up

-- On SQLite the index of search has a file of its own, in which it is made again.
{{sqlite}} drop table if exists search_message;
{{sqlite}} drop table if exists search_conversation;
{{sqlite}} drop table if exists search_contact;
{{sqlite}} drop table if exists search_part;
{{sqlite}} drop table if exists search_customer;
{{sqlite}} drop table if exists search_word;
{{sqlite}} drop table if exists search_spelling;
{{sqlite}} drop table if exists search_todo;
{{sqlite}} drop table if exists search_progress;
delete from cursor_position where name = 'search';
