package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

type contactsExport struct {
	Q     string `query:"q" maxLength:"200"`
	Known string `query:"known" enum:"true,false"`
	Tag   string `query:"tag" maxLength:"60"`
	Field string `query:"field" maxLength:"40"`
	Value string `query:"value" maxLength:"200"`
}

func (s *server) exportContacts(ctx context.Context, in *contactsExport) (*huma.StreamResponse, error) {
	actor := actorOf(ctx)
	f := store.CustomerFilter{Actor: actor, Text: in.Q, Tag: in.Tag, Field: in.Field, Value: in.Value}
	if in.Known != "" {
		is := in.Known == "true"
		f.Known = &is
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error { return tx.Audit(actor, "contact.exported_all", "customers", "") })
	if err != nil {
		return nil, err
	}
	return s.download("text/csv; charset=utf-8", "customers.csv", func(ctx context.Context, w io.Writer) error {
		return customer.Export(ctx, s.DB, f, w)
	}), nil
}

// download sends a file while it is written. One that cannot be written to its
// end breaks off, so that half a file does not look whole.
func (s *server) download(kind, name string, write func(context.Context, io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", kind)
		h.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		if err := write(h.Context(), h.BodyWriter()); err != nil {
			s.Log.ErrorContext(h.Context(), "cannot write a file", "error", err, "request", requestOf(h.Context()))
			panic(http.ErrAbortHandler)
		}
	}}
}

type eraseInput struct {
	ID   rapport.ContactID `path:"id"`
	Body customer.Erasing
}

func (s *server) eraseContact(ctx context.Context, in *eraseInput) (*nothing, error) {
	return &nothing{}, customer.Erase(ctx, s.DB, actorOf(ctx), in.ID, in.Body)
}

func (s *server) dossier(ctx context.Context, in *contactInput) (*huma.StreamResponse, error) {
	actor := actorOf(ctx)
	if err := s.DB.Update(ctx, func(tx *store.Tx) error { return customer.Asked(tx, actor, in.ID) }); err != nil {
		return nil, err
	}
	return s.download("application/zip", "customer-"+string(in.ID)+".zip", func(ctx context.Context, w io.Writer) error {
		return customer.Write(ctx, s.DB, actor, in.ID, s.attachments(), w)
	}), nil
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
