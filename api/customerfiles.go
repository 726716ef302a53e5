package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/customer"
	"rapport/store"
)

type pairsInput struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}

func (s *server) listDuplicates(ctx context.Context, in *pairsInput) (*reply[list[customer.Pair]], error) {
	from, err := parsePlace("duplicates", in.Cursor)
	if err != nil {
		return nil, err
	}
	after := store.Duplicate{A: rapport.ContactID(from.Text), B: rapport.ContactID(from.ID), Score: int(from.At.Unix())}
	var got list[customer.Pair]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		items, err := customer.Duplicates(tx, after, in.Limit+1)
		got = page(items, in.Limit, func(p customer.Pair) place {
			return place{List: "duplicates", Text: string(p.A.ID), ID: string(p.B.ID), At: time.Unix(int64(p.Score), 0).UTC()}
		})
		return err
	})
	return ok(got, err)
}

type dismissInput struct {
	Body struct {
		A rapport.ContactID `json:"a"`
		B rapport.ContactID `json:"b"`
	}
}

func (s *server) dismissDuplicate(ctx context.Context, in *dismissInput) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		return customer.Dismiss(tx, actorOf(ctx), in.Body.A, in.Body.B)
	})
}

type contactFile struct {
	Name    string `query:"name" maxLength:"200" doc:"Of the file, to recognise it by."`
	RawBody []byte `contentType:"text/csv" doc:"Columns id, name, points, tags, and the names of attributes or fields, separated by commas or semicolons, in UTF-8. Several points or tags are separated by semicolons."`
}

func (s *server) createImport(ctx context.Context, in *contactFile) (*reply[store.Import], error) {
	var m store.Import
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		m, err = customer.NewImport(tx, actorOf(ctx), in.Name, in.RawBody)
		return err
	})
	return ok(m, err)
}

type importID struct {
	ID rapport.ImportID `path:"id"`
}

func (s *server) readImport(ctx context.Context, in *importID) (*reply[store.Import], error) {
	var m store.Import
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Import(in.ID)
		return err
	})
	return ok(m, err)
}

func (s *server) startImport(ctx context.Context, in *importID) (*reply[store.Import], error) {
	var m store.Import
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		m, err = customer.Start(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(m, err)
}

func (s *server) deleteImport(ctx context.Context, in *importID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error { return customer.Forget(tx, in.ID) })
}

func (s *server) exportContacts(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f := store.CustomerFilter{Actor: actorOf(r.Context()), Text: q.Get("q"), Tag: q.Get("tag"), Field: q.Get("field"), Value: q.Get("value")}
	if known := q.Get("known"); known != "" {
		is := known == "true"
		f.Known = &is
	}
	err := s.DB.Update(r.Context(), func(tx *store.Tx) error {
		return tx.Audit(actorOf(r.Context()), "contact.exported_all", "customers", "")
	})
	if err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="customers.csv"`)
	if err := customer.Export(r.Context(), s.DB, f, w); err != nil {
		s.Log.ErrorContext(r.Context(), "cannot write the customers", "error", err, "request", requestOf(r.Context()))
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
}

type eraseInput struct {
	ID   rapport.ContactID `path:"id"`
	Body customer.Erasing
}

func (s *server) eraseContact(ctx context.Context, in *eraseInput) (*nothing, error) {
	return &nothing{}, customer.Erase(ctx, s.DB, actorOf(ctx), in.ID, in.Body)
}

func (s *server) dossier(w http.ResponseWriter, r *http.Request) {
	id, actor := rapport.ContactID(r.PathValue("id")), actorOf(r.Context())
	if err := s.DB.Update(r.Context(), func(tx *store.Tx) error { return customer.Asked(tx, actor, id) }); err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="customer-`+string(id)+`.zip"`)
	if err := customer.Write(r.Context(), s.DB, actor, id, s.attachments(), w); err != nil {
		s.Log.ErrorContext(r.Context(), "cannot write a customer's data", "error", err, "contact", id, "request", requestOf(r.Context()))
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
}

// attachments opens what the shelf holds.
func (s *server) attachments() customer.Opener {
	return func(ctx context.Context, id rapport.FileID) (io.ReadCloser, error) {
		var f store.File
		err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
			f, err = tx.File(id)
			return err
		})
		if err != nil {
			return nil, err
		}
		return s.Shelf.Open(ctx, f, attachment.Whole)
	}
}
