-- +goose Up

-- Ids of one moment often are neighbours, also those of several inboxes.
drop index item_external;
create unique index item_external on item (external_id, inbox_id) where external_id <> '';
