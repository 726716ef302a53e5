package conversation

import (
	"context"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Retag is the kind of the job that renames a tag in conversations, a step at a
// time.
const Retag = "retag"

// Retagging are the arguments of that job.
type Retagging struct {
	ID string `json:"id"`
}

// retagStep is how many conversations one transaction changes.
const retagStep = 100

// RenameTag renames a tag in the catalogue, in macros, in saved views and, step
// by step, in all conversations. Workflows name what they were published with. Where the new name is that of another tag, the two become one.
func RenameTag(tx *store.Tx, from, to string) (rapport.Retagging, error) {
	var r rapport.Retagging
	from, err := rapport.ValidTag(from)
	if err != nil {
		return r, err
	}
	if to, err = rapport.ValidTag(to); err != nil {
		return r, err
	}
	if from == to {
		return r, rapport.Invalidf("to", "The tag is called %s already.", to)
	}
	old, err := tx.Tag(from)
	switch {
	case err == nil:
		other, err := tx.Tag(to)
		merges := err == nil && other.Name != old.Name
		if err != nil && rapport.KindOf(err) != rapport.NotFound {
			return r, err
		}
		if err := tx.DeleteTag(old.Name); err != nil {
			return r, err
		}
		from = old.Name
		if merges {
			to = other.Name
			break
		}
		old.Name, old.UpdatedAt = to, tx.Now()
		if err := tx.SaveTag(old); err != nil {
			return r, err
		}
	case rapport.KindOf(err) != rapport.NotFound:
		return r, err
	}
	if err := retagMacros(tx, from, to); err != nil {
		return r, err
	}
	if err := retagViews(tx, from, to); err != nil {
		return r, err
	}
	r = rapport.Retagging{ID: rapport.NewID[string](), From: from, To: to, StartedAt: tx.Now()}
	if err := tx.SaveRetagging(r); err != nil {
		return r, err
	}
	return r, job.Enqueue(tx, job.Job{Kind: Retag, Args: Retagging{r.ID}})
}

func retagMacros(tx *store.Tx, from, to string) error {
	macros, err := tx.Macros()
	if err != nil {
		return err
	}
	for _, m := range macros {
		changed := false
		for _, list := range []*[]string{&m.Effects.AddTags, &m.Effects.RemoveTags} {
			if now, is := renamed(*list, from, to); is {
				*list, changed = now, true
			}
		}
		if changed {
			if err := tx.SaveMacro(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func retagViews(tx *store.Tx, from, to string) error {
	views, err := tx.ViewsTagged(from)
	if err != nil {
		return err
	}
	for i := range views {
		v := &views[i]
		v.Filter.Tags, _ = renamed(v.Filter.Tags, from, to)
		if err := tx.UpdateView(v); err != nil {
			return err
		}
		told := rapport.Event{Kind: "view.changed"}
		if v.Shared == rapport.SharedWithNobody {
			told = rapport.Event{Kind: "own-view.changed", AgentID: v.OwnerID}
		}
		if err := tx.Append(told, rapport.Change{}); err != nil {
			return err
		}
	}
	return nil
}

// renamed is a list of tags with one called differently.
func renamed(tags []string, from, to string) (now []string, changed bool) {
	for _, t := range tags {
		if t == from {
			t, changed = to, true
		}
		if len(without([]string{t}, now)) == 1 {
			now = append(now, t)
		}
	}
	return now, changed
}

// RetagStep does one step of such a renaming, and enqueues the next.
func RetagStep(ctx context.Context, db *store.DB, t job.Task) error {
	var args Retagging
	if err := t.Decode(&args); err != nil {
		return &job.Never{Err: err}
	}
	var r rapport.Retagging
	var ids []rapport.ConversationID
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		if r, err = tx.Retagging(args.ID); err == nil && r.FinishedAt.IsZero() {
			ids, err = tx.Tagged(r.From, r.After, retagStep)
		}
		return err
	})
	if err != nil || !r.FinishedAt.IsZero() {
		return err
	}
	return db.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Retagging(args.ID)
		if err != nil || !r.FinishedAt.IsZero() {
			return err
		}
		for _, id := range ids {
			s, err := tx.Summary(id)
			if err != nil {
				return err
			}
			before := s.Conversation
			now, changed := renamed(s.Tags, r.From, r.To)
			if !changed {
				continue
			}
			s.Tags = now
			if err := tx.Record(&s, before, "conversation.changed"); err != nil {
				return err
			}
			r.Changed++
		}
		if len(ids) < retagStep {
			r.FinishedAt = tx.Now()
			if err := tx.SaveRetagging(r); err != nil {
				return err
			}
			return tx.Append(rapport.Event{Kind: "texts.changed"}, rapport.Change{})
		}
		r.After = ids[len(ids)-1]
		if err := tx.SaveRetagging(r); err != nil {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: Retag, Args: args})
	})
}
