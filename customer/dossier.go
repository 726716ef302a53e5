package customer

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"strings"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// Opener opens the bytes of an attachment.
type Opener func(ctx context.Context, id rapport.FileID) (io.ReadCloser, error)

type dossier struct {
	Customer   rapport.Contact         `json:"customer"`
	Attributes []rapport.Attribute     `json:"attributes"`
	Merged     []rapport.Contact       `json:"merged,omitempty"`
	Merges     []rapport.ContactMerge  `json:"merges,omitempty"`
	Changes    []rapport.ContactChange `json:"changes"`
	Sticky     *rapport.StickyAgent    `json:"sticky_agent,omitempty"`
	Bonds      []store.Affinity        `json:"bonds"`
}

type correspondence struct {
	Conversation rapport.Summary    `json:"conversation"`
	Items        []rapport.Item     `json:"items"`
	Decisions    []rapport.Decision `json:"decisions"`
}

// Write hands out all that is kept of a person, as a ZIP: person.json, a file for
// each conversation, and the attachments. open may be nil: then only their names
// are in it.
func Write(ctx context.Context, db *store.DB, actor rapport.Actor, id rapport.ContactID, open Opener, w io.Writer) error {
	z := zip.NewWriter(w)
	var ids []rapport.ConversationID
	err := db.View(ctx, func(tx *store.Tx) error {
		d, err := gather(tx, id)
		if err != nil {
			return err
		}
		if ids, err = tx.AllOf(id); err != nil {
			return err
		}
		return put(z, "person.json", d)
	})
	if err != nil {
		return err
	}
	for _, cid := range ids {
		var c correspondence
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			if c.Conversation, err = conversation.Visible(tx, actor, cid); err != nil {
				return err
			}
			if c.Decisions, err = tx.Decisions(cid); err != nil {
				return err
			}
			for before := 0; ; {
				items, err := tx.Items(cid, 0, before, 500)
				if err != nil {
					return err
				}
				c.Items = append(items, c.Items...)
				if len(items) < 500 {
					return nil
				}
				before = items[0].InOrder()
			}
		})
		if err != nil {
			return err
		}
		if err := put(z, "conversations/"+string(cid)+".json", c); err != nil {
			return err
		}
		if open == nil {
			continue
		}
		for _, i := range c.Items {
			for _, f := range i.Files {
				if err := attach(ctx, z, open, f); err != nil {
					return err
				}
			}
		}
	}
	return z.Close()
}

func gather(tx *store.Tx, id rapport.ContactID) (d dossier, err error) {
	if d.Customer, err = tx.Contact(id); err != nil {
		return d, err
	}
	all, err := tx.MergedInto(id)
	if err != nil {
		return d, err
	}
	for _, other := range all[1:] {
		c, err := tx.Contact(other)
		if err != nil {
			return d, err
		}
		d.Merged = append(d.Merged, c)
	}
	if d.Attributes, err = tx.Attributes(); err != nil {
		return d, err
	}
	if d.Merges, err = tx.ContactMerges(id); err != nil {
		return d, err
	}
	if d.Changes, err = tx.ContactChanges(id, "", 10_000); err != nil {
		return d, err
	}
	if d.Bonds, err = tx.Affinities(id); err != nil {
		return d, err
	}
	named, found, err := tx.StickyOfContact(id)
	if err == nil && found {
		named, err = tx.Sticky(named.ID)
		d.Sticky = &named
	}
	return d, err
}

func put(z *zip.Writer, name string, v any) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func attach(ctx context.Context, z *zip.Writer, open Opener, file rapport.File) error {
	bytes, err := open(ctx, file.ID)
	if rapport.KindOf(err) == rapport.NotFound {
		return nil // it was swept
	}
	if err != nil {
		return err
	}
	f, err := z.Create("files/" + string(file.ID) + "-" + path.Base(strings.ReplaceAll(file.Name, `\`, "/")))
	if err == nil {
		_, err = io.Copy(f, bytes)
	}
	return errors.Join(err, bytes.Close())
}

// Asked notes that a person's data was handed out.
func Asked(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) error {
	if _, err := current(tx, actor, id); err != nil {
		return err
	}
	if err := tx.NoteContact(actor, id, "exported"); err != nil {
		return err
	}
	return tx.Audit(actor, "contact.exported", string(id), "")
}
