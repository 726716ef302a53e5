package conversation_test

import (
	"slices"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// upload makes a finished upload of an agent.
func upload(w *rapporttest.World, agent, name string) (f store.File) {
	w.T.Helper()
	f = store.File{File: rapport.File{ID: rapport.NewID[rapport.FileID](), Name: name, Type: "text/plain", Size: 3}, Owner: conversation.OwnerAgent(w.Agent(agent).ID), Purpose: "note", State: store.FileReady}
	w.Update(func(tx *store.Tx) error {
		f.CreatedAt = tx.Now().Add(-48 * time.Hour) // long enough ago to be swept
		return tx.InsertFile(f)
	})
	return f
}

// Issue 4, 14: a draft keeps all that the composer holds, and nobody else's files.
func TestADraftKeepsWhatItCarries(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		support := w.Queue("support", "ana", "ben")
		inbox := w.Inbox("site", "support")
		id := w.Write("mia", "Hello?").Conversation.ID
		mine, loose, theirs := upload(w, "ana", "mine.txt"), upload(w, "ana", "loose.txt"), upload(w, "ben", "theirs.txt")
		save := func(d rapport.Draft) (got conversation.SavedDraft) {
			d.ConversationID = id
			w.Update(func(tx *store.Tx) (err error) {
				got, err = conversation.SaveDraft(tx, w.Actor("ana"), d)
				return err
			})
			return got
		}
		read := func(kind rapport.ItemKind) (d rapport.Draft) {
			w.View(func(tx *store.Tx) (err error) {
				d, err = tx.Draft(w.Agent("ana").ID, id, kind)
				return err
			})
			return d
		}
		forged := mine.File
		forged.Name = "forged.txt"
		point := w.Of("mia").Point
		first := save(rapport.Draft{Kind: rapport.ItemMessage, InboxID: inbox.ID, Content: rapport.Content{
			Files: []rapport.File{forged, theirs.File}, Location: &rapport.Location{Name: "Shop"}, Point: &point, Mentions: []rapport.AgentID{"x"}, Template: "t",
		}})
		d := read(rapport.ItemMessage)
		if len(d.Content.Files) != 1 || d.Content.Files[0] != mine.File || d.Content.Location == nil || d.Content.Location.Name != "Shop" || d.InboxID != inbox.ID || *d.Content.Point != point {
			t.Errorf("it keeps %+v", d)
		}
		if d.Content.Template != "" || d.Content.Mentions != nil {
			t.Errorf("a reply keeps %+v", d.Content)
		}
		save(rapport.Draft{Kind: rapport.ItemNote, Body: "Look @ben", InboxID: inbox.ID, Content: rapport.Content{Mentions: []rapport.AgentID{w.Agent("ben").ID}, Queues: []rapport.QueueID{support.ID}, Point: &point}})
		if d := read(rapport.ItemNote); !slices.Equal(d.Content.Mentions, []rapport.AgentID{w.Agent("ben").ID}) || !slices.Equal(d.Content.Queues, []rapport.QueueID{support.ID}) || d.InboxID != "" || d.Content.Point != nil {
			t.Errorf("the note keeps %+v", d)
		}
		// The files of a draft outlive the sweep of what nobody took.
		w.Update(func(tx *store.Tx) error { return tx.DropLooseFiles(tx.Now().Add(-24 * time.Hour)) })
		w.View(func(tx *store.Tx) error {
			if _, err := tx.File(mine.ID); err != nil {
				t.Errorf("the draft's file is gone: %v", err)
			}
			if _, err := tx.File(loose.ID); rapport.KindOf(err) != rapport.NotFound {
				t.Error("a file that nothing keeps is still there")
			}
			return nil
		})
		// Another desk that knew nothing of it is answered what was there.
		other := save(rapport.Draft{Kind: rapport.ItemMessage, Body: "From elsewhere"})
		if other.Other == nil || len(other.Other.Content.Files) != 1 || other.Version <= first.Version {
			t.Errorf("the other desk hears %+v", other)
		}
		// Who it names, and the way, are nothing by themselves.
		save(rapport.Draft{Kind: rapport.ItemMessage, InboxID: inbox.ID, Version: other.Version})
		if d := read(rapport.ItemMessage); d.Version != 0 {
			t.Errorf("an empty draft is kept: %+v", d)
		}
		err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			_, err := conversation.SaveDraft(tx, w.Actor("ana"), rapport.Draft{ConversationID: id, Kind: rapport.ItemNote, Content: rapport.Content{Files: make([]rapport.File, rapport.MaxFiles+1)}})
			return err
		})
		if e, _ := err.(*rapport.Error); e == nil || e.Field != "content.files" {
			t.Errorf("too many files: %v", err)
		}
	})
}
