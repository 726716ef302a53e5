package store

import (
	"strings"
	"time"

	"rapport"
)

// rowOf scans rows of an id, a JSON value and a number. The number, where a
// table has none, is 0.
func rowOf[T any](tx *Tx, finish func(v *T, id string, n int), text string, args ...any) (list []T, err error) {
	list = []T{}
	err = tx.rows(func(s scanner) error {
		var id string
		var n int
		var v jsonText[T]
		if err := s.Scan(&id, &v, &n); err != nil {
			return err
		}
		finish(&v.v, id, n)
		list = append(list, v.v)
		return nil
	}, text, args...)
	return list, err
}

// one is the one row of a list, or the error that it is missing.
func one[T any](list []T, err error, what, id string) (T, error) {
	var zero T
	if err != nil {
		return zero, err
	}
	if len(list) == 0 {
		return zero, missing(what, id)
	}
	return list[0], nil
}

// taken turns a refused double into a sentence.
func taken(err error, field, format string, args ...any) error {
	if rapport.CodeOf(err) != "duplicate" {
		return err
	}
	e := rapport.Errorf(rapport.Conflict, "name_taken", format, args...)
	e.Field, e.Cause = field, err
	return e
}

func finishCanned(v *rapport.Canned, id string, n int) { v.ID, v.Used = rapport.CannedID(id), n }

// CannedOf returns the shared canned responses and those of an agent's own, by
// use.
func (tx *Tx) CannedOf(agent rapport.AgentID) ([]rapport.Canned, error) {
	return rowOf(tx, finishCanned, "select id, value, used from canned where owner_id = '' or owner_id = $1 order by used desc, shortcut", agent)
}

// Canned returns one canned response.
func (tx *Tx) Canned(id rapport.CannedID) (rapport.Canned, error) {
	list, err := rowOf(tx, finishCanned, "select id, value, used from canned where id = $1", id)
	return one(list, err, "canned response", string(id))
}

// CannedCount is how many an owner has; "" has the shared ones.
func (tx *Tx) CannedCount(owner rapport.AgentID) (n int, err error) {
	err = tx.queryRow("select count(*) from canned where owner_id = $1", owner).Scan(&n)
	return n, classify(err)
}

// SaveCanned adds or changes one.
func (tx *Tx) SaveCanned(c rapport.Canned) error {
	_, err := tx.exec(`insert into canned (id, owner_id, shortcut, value) values ($1, $2, $3, $4)
		on conflict (id) do update set owner_id = excluded.owner_id, shortcut = excluded.shortcut, value = excluded.value`, c.ID, c.Owner, c.Shortcut, jsonOf(c))
	return taken(err, "shortcut", "Another canned response has the short code %s already.", c.Shortcut)
}

// UseCanned counts that one was put into a reply.
func (tx *Tx) UseCanned(id rapport.CannedID) error {
	_, err := tx.exec("update canned set used = used + 1 where id = $1", id)
	return err
}

// DeleteCanned removes one.
func (tx *Tx) DeleteCanned(id rapport.CannedID) error {
	_, err := tx.exec("delete from canned where id = $1", id)
	return err
}

func finishTemplate(v *rapport.MessageTemplate, id string, _ int) { v.ID = rapport.TemplateID(id) }

// Templates returns the templates of an inbox, or of all, by name.
func (tx *Tx) Templates(inbox rapport.InboxID) ([]rapport.MessageTemplate, error) {
	return rowOf(tx, finishTemplate, "select id, value, 0 from template where $1 = '' or inbox_id = $1 order by name, language, id", inbox)
}

// Template returns one template.
func (tx *Tx) Template(id rapport.TemplateID) (rapport.MessageTemplate, error) {
	list, err := rowOf(tx, finishTemplate, "select id, value, 0 from template where id = $1", id)
	return one(list, err, "template", string(id))
}

// SaveTemplate adds or changes one.
func (tx *Tx) SaveTemplate(t rapport.MessageTemplate) error {
	_, err := tx.exec(`insert into template (id, inbox_id, name, language, value) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set inbox_id = excluded.inbox_id, name = excluded.name, language = excluded.language, value = excluded.value`, t.ID, t.InboxID, t.Name, t.Language, jsonOf(t))
	return taken(err, "name", "The inbox has a template %s in %s already.", t.Name, t.Language)
}

// DeleteTemplate removes one.
func (tx *Tx) DeleteTemplate(id rapport.TemplateID) error {
	_, err := tx.exec("delete from template where id = $1", id)
	return err
}

// LastHeard is when a customer last wrote through an inbox; zero if never.
func (tx *Tx) LastHeard(contact rapport.ContactID, inbox rapport.InboxID) (at time.Time, err error) {
	err = tx.queryRow(`select coalesce(max(i.at), 0) from conversation c join item i on i.conversation_id = c.id
		where c.contact_id = $1 and i.inbox_id = $2 and i.kind = 'message' and i.author_kind = 'customer'`, contact, inbox).Scan(milli{&at})
	return at, classify(err)
}

func finishMacro(v *rapport.Macro, id string, n int) { v.ID, v.Used = rapport.MacroID(id), n }

// Macros returns all macros by name.
func (tx *Tx) Macros() ([]rapport.Macro, error) {
	return rowOf(tx, finishMacro, "select id, value, used from macro order by name, id")
}

// Macro returns one macro.
func (tx *Tx) Macro(id rapport.MacroID) (rapport.Macro, error) {
	list, err := rowOf(tx, finishMacro, "select id, value, used from macro where id = $1", id)
	return one(list, err, "macro", string(id))
}

// SaveMacro adds or changes one.
func (tx *Tx) SaveMacro(m rapport.Macro) error {
	_, err := tx.exec("insert into macro (id, name, value) values ($1, $2, $3) on conflict (id) do update set name = excluded.name, value = excluded.value", m.ID, m.Name, jsonOf(m))
	return taken(err, "name", "Another macro is already called %s.", m.Name)
}

// UseMacro counts that one was applied.
func (tx *Tx) UseMacro(id rapport.MacroID) error {
	_, err := tx.exec("update macro set used = used + 1 where id = $1", id)
	return err
}

// DeleteMacro removes one; threads keep its name.
func (tx *Tx) DeleteMacro(id rapport.MacroID) error {
	_, err := tx.exec("delete from macro where id = $1", id)
	return err
}

func finishForm(v *rapport.Form, id string, n int) {
	v.ID, v.Position, v.DefaultFor = rapport.FormID(id), n, nil
}

// Forms returns all forms in their order, with the queues that each is for.
func (tx *Tx) Forms() ([]rapport.Form, error) {
	list, err := rowOf(tx, finishForm, "select id, value, pos from form order by pos, name, id")
	if err != nil {
		return nil, err
	}
	return list, tx.rows(func(s scanner) error {
		var queue rapport.QueueID
		var form rapport.FormID
		err := s.Scan(&queue, &form)
		for i := range list {
			if list[i].ID == form {
				list[i].DefaultFor = append(list[i].DefaultFor, queue)
			}
		}
		return err
	}, "select queue_id, form_id from form_default order by queue_id")
}

// Form returns one form.
func (tx *Tx) Form(id rapport.FormID) (rapport.Form, error) {
	list, err := tx.Forms()
	for _, f := range list {
		if f.ID == id {
			return f, err
		}
	}
	return one([]rapport.Form{}, err, "form", string(id))
}

// FormFor is the form of a conversation: the one that was chosen, else that of
// its queue; ok is false when there is none.
func (tx *Tx) FormFor(c *rapport.Conversation) (f rapport.Form, ok bool, err error) {
	list, err := rowOf(tx, finishForm, "select id, value, pos from form where id = $1 or $1 = '' and id = (select form_id from form_default where queue_id = $2)", c.FormID, c.QueueID)
	if err != nil || len(list) == 0 {
		return f, false, err
	}
	return list[0], true, nil
}

// SaveForm adds or changes one, and says which queues it is for.
func (tx *Tx) SaveForm(f rapport.Form) error {
	_, err := tx.exec("insert into form (id, name, pos, value) values ($1, $2, $3, $4) on conflict (id) do update set name = excluded.name, pos = excluded.pos, value = excluded.value", f.ID, f.Name, f.Position, jsonOf(f))
	if err != nil {
		return taken(err, "name", "Another form is already called %s.", f.Name)
	}
	if _, err := tx.exec("delete from form_default where form_id = $1", f.ID); err != nil {
		return err
	}
	for _, q := range f.DefaultFor {
		if _, err := tx.exec("insert into form_default (queue_id, form_id) values ($1, $2) on conflict (queue_id) do update set form_id = excluded.form_id", q, f.ID); err != nil {
			return err
		}
	}
	return nil
}

// DeleteForm removes one; the values that were filled in stay.
func (tx *Tx) DeleteForm(id rapport.FormID) error {
	_, err := tx.exec("delete from form where id = $1", id)
	return err
}

func finishDisposition(v *rapport.Disposition, id string, n int) {
	v.ID, v.Position = rapport.DispositionID(id), n
}

// Dispositions returns all of them in their order.
func (tx *Tx) Dispositions() ([]rapport.Disposition, error) {
	return rowOf(tx, finishDisposition, "select id, value, pos from disposition order by pos, code, id")
}

// Disposition returns one.
func (tx *Tx) Disposition(id rapport.DispositionID) (rapport.Disposition, error) {
	list, err := rowOf(tx, finishDisposition, "select id, value, pos from disposition where id = $1", id)
	return one(list, err, "disposition", string(id))
}

// SaveDisposition adds or changes one.
func (tx *Tx) SaveDisposition(d rapport.Disposition) error {
	_, err := tx.exec("insert into disposition (id, code, pos, value) values ($1, $2, $3, $4) on conflict (id) do update set code = excluded.code, pos = excluded.pos, value = excluded.value", d.ID, d.Code, d.Position, jsonOf(d))
	return taken(err, "code", "Another disposition has the code %s already.", d.Code)
}

// DeleteDisposition removes one that no conversation has.
func (tx *Tx) DeleteDisposition(id rapport.DispositionID) error {
	_, err := tx.exec("delete from disposition where id = $1", id)
	return err
}

func finishTag(v *rapport.Tag, name string, _ int) { v.Name = name }

// Tags returns the catalogue by name.
func (tx *Tx) Tags() ([]rapport.Tag, error) {
	return rowOf(tx, finishTag, "select name, value, 0 from tag order by fold")
}

// Tag returns an entry of the catalogue, however its name is written.
func (tx *Tx) Tag(name string) (rapport.Tag, error) {
	list, err := rowOf(tx, finishTag, "select name, value, 0 from tag where fold = $1", strings.ToLower(name))
	return one(list, err, "tag", name)
}

// SaveTag adds or changes an entry.
func (tx *Tx) SaveTag(t rapport.Tag) error {
	_, err := tx.exec("insert into tag (name, fold, value) values ($1, $2, $3) on conflict (name) do update set value = excluded.value", t.Name, strings.ToLower(t.Name), jsonOf(t))
	return taken(err, "name", "The catalogue has the tag %s already.", t.Name)
}

// DeleteTag removes an entry; conversations keep the tag.
func (tx *Tx) DeleteTag(name string) error {
	_, err := tx.exec("delete from tag where fold = $1", strings.ToLower(name))
	return err
}

// Tagged returns conversations that have a tag, after an id.
func (tx *Tx) Tagged(name string, after rapport.ConversationID, limit int) (ids []rapport.ConversationID, err error) {
	return tx.conversationIDs(`select id from conversation where id > $1 and tags like $2 escape '\' order by id limit $3`, after, inJSON(name), limit)
}

// inJSON is a pattern for texts of JSON in which a string stands.
func inJSON(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(jsonOf(s)) + "%"
}

// CountTagged tells how many conversations have a tag.
func (tx *Tx) CountTagged(name string) (n int, err error) {
	err = tx.queryRow("select count(*) from conversation_tag where tag = $1", name).Scan(&n)
	return n, classify(err)
}

// Retaggings returns the latest renamings of tags.
func (tx *Tx) Retaggings(limit int) ([]rapport.Retagging, error) {
	return tx.retaggings("order by started_at desc, id desc limit $1", limit)
}

// Retagging returns one of them.
func (tx *Tx) Retagging(id string) (rapport.Retagging, error) {
	list, err := tx.retaggings("where id = $1", id)
	return one(list, err, "renaming of a tag", id)
}

func (tx *Tx) retaggings(where string, args ...any) (list []rapport.Retagging, err error) {
	list = []rapport.Retagging{}
	err = tx.rows(func(s scanner) error {
		var r rapport.Retagging
		err := s.Scan(&r.ID, &r.From, &r.To, &r.Changed, &r.After, milli{&r.StartedAt}, milli{&r.FinishedAt})
		list = append(list, r)
		return err
	}, "select id, from_tag, to_tag, changed, after_id, started_at, finished_at from retagging "+where, args...)
	return list, err
}

// SaveRetagging keeps how far one came.
func (tx *Tx) SaveRetagging(r rapport.Retagging) error {
	_, err := tx.exec(`insert into retagging (id, from_tag, to_tag, changed, after_id, started_at, finished_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set changed = excluded.changed, after_id = excluded.after_id, finished_at = excluded.finished_at`,
		r.ID, r.From, r.To, r.Changed, r.After, r.StartedAt, r.FinishedAt)
	return err
}

// DispositionUsed tells whether a conversation has a disposition.
func (tx *Tx) DispositionUsed(id rapport.DispositionID) (bool, error) {
	var n int
	err := tx.queryRow("select case when exists (select 1 from conversation where disposition_id = $1 and disposition_id <> '') then 1 else 0 end", id).Scan(&n)
	return n == 1, classify(err)
}
