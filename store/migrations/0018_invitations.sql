-- +goose Up

-- Links that let somebody in go out by e-mail, too, and rest sealed until then.
alter table mail add column secret text not null default '';
