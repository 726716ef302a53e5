package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/store"
)

func (s *server) customerRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	fileBody := func(op *huma.Operation) { op.MaxBodyBytes, op.BodyReadTimeout = customer.MostFile+1, 2*time.Minute }
	return []route{
		at(agent, get, "/attributes", "attributes-list", "List what is known of customers", s.listAttributes),
		at(admin, post, "/attributes", "attributes-create", "Add an attribute", s.createAttribute, created),
		at(admin, put, "/attributes/order", "attributes-order", "Put the attributes into an order", s.orderAttributes),
		at(admin, patch, "/attributes/{name}", "attributes-change", "Change an attribute", s.changeAttribute),
		at(admin, del, "/attributes/{name}", "attributes-delete", "Remove an attribute; its values stay as free text", s.deleteAttribute),

		at(agent, get, "/contacts", "contacts-list", "List customers whom I may see", s.listContacts),
		at(supervisor, post, "/contacts", "contacts-create", "Add a customer", s.createContact, created),
		at(agent, get, "/contacts/{id}", "contacts-read", "Read a customer; one who was merged leads to who is left", s.readContact),
		at(agent, patch, "/contacts/{id}", "contacts-change", "Name a customer, set fields or tags", s.changeContact),
		at(agent, post, "/contacts/{id}/points", "contacts-add-point", "Add a contact point", s.addPoint),
		at(agent, patch, "/contacts/{id}/points", "contacts-change-point", "Put another contact point in the place of one", s.changePoint),
		at(agent, del, "/contacts/{id}/points", "contacts-remove-point", "Take a contact point away", s.removePoint),
		at(agent, get, "/contacts/{id}/conversations", "contacts-history", "A customer's conversations that I may see, the latest first", s.contactHistory),
		at(agent, get, "/contacts/{id}/changes", "contacts-changes", "What was done to a customer, the latest first", s.contactChanges),
		at(supervisor, get, "/contacts/{id}/merge", "contacts-merge-preview", "What merging another customer into this one would do", s.previewContacts),
		at(supervisor, post, "/contacts/{id}/merge", "contacts-merge", "Merge another customer into this one", s.mergeContacts),
		at(supervisor, post, "/contact-merges/{id}/undo", "contacts-merge-undo", "Make two customers of one again", s.undoContacts),
		at(agent, post, "/conversations/{id}/unlink", "conversations-unlink", "Take a wrong conversation from its customer", s.unlink),
		at(agent, post, "/conversations/{id}/link", "conversations-link", "Say whose an unknown customer's conversation is", s.link),

		at(supervisor, get, "/contact-duplicates", "duplicates-list", "Who may be the same person", s.listDuplicates),
		at(supervisor, post, "/contact-duplicates/dismiss", "duplicates-dismiss", "Say that two customers are not the same", s.dismissDuplicate),

		at(supervisor, post, "/contact-imports", "imports-create", "Check a file of customers; nothing is imported yet", s.createImport, created, fileBody),
		at(supervisor, get, "/contact-imports/{id}", "imports-read", "How far a file of customers has come", s.readImport),
		at(supervisor, post, "/contact-imports/{id}/start", "imports-start", "Import the good lines of a checked file", s.startImport),
		at(supervisor, del, "/contact-imports/{id}", "imports-delete", "Forget a file of customers; what was imported stays", s.deleteImport),
		at(supervisor, get, "/contacts.csv", "contacts-export", "Export customers as CSV, narrowed as the list is", s.exportContacts, table),

		at(admin, post, "/contacts/{id}/erase", "contacts-erase", "Erase what is known of a person", s.eraseContact),
		at(admin, get, "/contacts/{id}/dossier", "contacts-dossier", "Hand out all that is kept of a person, as a ZIP", s.dossier, archive),
	}
}

type contactsInput struct {
	Q      string `query:"q" maxLength:"200" doc:"Looks into names and addresses."`
	Known  string `query:"known" enum:"true,false"`
	Tag    string `query:"tag" maxLength:"60"`
	Field  string `query:"field" maxLength:"40" doc:"Name of a field whose value must be the value given."`
	Value  string `query:"value" maxLength:"200"`
	Sort   string `query:"sort" enum:"active,name,created" default:"active" doc:"By the last activity or the creation, the latest first, or by name."`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listContacts(ctx context.Context, in *contactsInput) (*reply[list[store.Customer]], error) {
	name := "contacts." + in.Sort
	from, err := parsePlace(name, in.Cursor)
	if err != nil {
		return nil, err
	}
	f := store.CustomerFilter{Actor: actorOf(ctx), Text: in.Q, Tag: in.Tag, Field: in.Field, Value: in.Value, Sort: in.Sort, After: from.Text, ID: from.ID, Limit: in.Limit + 1}
	if in.Known != "" {
		known := in.Known == "true"
		f.Known = &known
	}
	var got list[store.Customer]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		items, err := tx.Customers(f)
		got = page(items, in.Limit, func(c store.Customer) place { return place{List: name, Text: c.Key, ID: string(c.ID)} })
		return err
	})
	return ok(got, err)
}

type contactNew struct {
	Body struct {
		Name   string            `json:"name"`
		Points []string          `json:"points,omitempty" maxItems:"50" doc:"Phone numbers, e-mail addresses and @handles, as a person writes them."`
		Fields map[string]string `json:"fields,omitempty"`
		Tags   []string          `json:"tags,omitempty"`
	}
}

func (s *server) createContact(ctx context.Context, in *contactNew) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.Create(tx, actorOf(ctx), customer.New{Name: in.Body.Name, Points: in.Body.Points, Fields: in.Body.Fields, Tags: in.Body.Tags})
		return err
	})
	return ok(c, err)
}

type pointNew struct {
	ID   rapport.ContactID `path:"id"`
	Body struct {
		Kind    rapport.PointKind `json:"kind,omitempty" enum:"phone,email,external,handle" doc:"Found out when it is left out."`
		Address string            `json:"address" maxLength:"300" doc:"As a person writes it."`
	}
}

func (s *server) addPoint(ctx context.Context, in *pointNew) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.AddPoint(tx, actorOf(ctx), in.ID, in.Body.Kind, in.Body.Address)
		return err
	})
	return ok(c, err)
}

type pointChange struct {
	ID   rapport.ContactID `path:"id"`
	Body struct {
		Kind    rapport.PointKind `json:"kind" doc:"Of the one that goes."`
		Address string            `json:"address" doc:"Of the one that goes."`
		To      string            `json:"to" maxLength:"300" doc:"What comes in its place, as a person writes it."`
	}
}

func (s *server) changePoint(ctx context.Context, in *pointChange) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.ChangePoint(tx, actorOf(ctx), in.ID, rapport.Point{Kind: in.Body.Kind, Address: in.Body.Address}, in.Body.To)
		return err
	})
	return ok(c, err)
}

type pointInput struct {
	ID      rapport.ContactID `path:"id"`
	Kind    rapport.PointKind `query:"kind"`
	Address string            `query:"address"`
}

func (s *server) removePoint(ctx context.Context, in *pointInput) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.RemovePoint(tx, actorOf(ctx), in.ID, rapport.Point{Kind: in.Kind, Address: in.Address})
		return err
	})
	return ok(c, err)
}

type contactPage struct {
	ID     rapport.ContactID `path:"id"`
	Cursor string            `query:"cursor"`
	Limit  int               `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) contactHistory(ctx context.Context, in *contactPage) (*reply[list[rapport.Summary]], error) {
	from, err := parsePlace("history", in.Cursor)
	if err != nil {
		return nil, err
	}
	var got list[rapport.Summary]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := conversation.Customer(tx, actorOf(ctx), in.ID); err != nil {
			return err
		}
		items, err := tx.OfContact(store.Filter{Actor: actorOf(ctx), Contact: in.ID, Page: store.Page{After: from.At, ID: from.ID, Limit: in.Limit + 1}})
		got = page(items, in.Limit, func(c rapport.Summary) place { return place{List: "history", At: c.OpenedAt, ID: string(c.ID)} })
		return err
	})
	return ok(got, err)
}

func (s *server) contactChanges(ctx context.Context, in *contactPage) (*reply[list[rapport.ContactChange]], error) {
	from, err := parsePlace("changes", in.Cursor)
	if err != nil {
		return nil, err
	}
	var got list[rapport.ContactChange]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := conversation.Customer(tx, actorOf(ctx), in.ID); err != nil {
			return err
		}
		items, err := tx.ContactChanges(in.ID, from.ID, in.Limit+1)
		got = page(items, in.Limit, func(c rapport.ContactChange) place { return place{List: "changes", ID: c.ID} })
		return err
	})
	return ok(got, err)
}

type mergeLook struct {
	ID   rapport.ContactID `path:"id" doc:"Who survives."`
	With rapport.ContactID `query:"with" doc:"Who is merged into them."`
}

func (s *server) previewContacts(ctx context.Context, in *mergeLook) (*reply[customer.Preview], error) {
	var p customer.Preview
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		p, err = customer.Look(tx, actorOf(ctx), in.ID, in.With)
		return err
	})
	return ok(p, err)
}

type contactsMerge struct {
	ID   rapport.ContactID `path:"id" doc:"Who survives."`
	Body struct {
		With rapport.ContactID `json:"with" doc:"Who is merged into them."`
		customer.Choice
	}
}

type merged struct {
	Contact rapport.Contact      `json:"contact"`
	Merge   rapport.ContactMerge `json:"merge"`
}

func (s *server) mergeContacts(ctx context.Context, in *contactsMerge) (*reply[merged], error) {
	var got merged
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		got.Contact, got.Merge, err = customer.Merge(tx, actorOf(ctx), in.ID, in.Body.With, in.Body.Choice)
		return err
	})
	return ok(got, err)
}

type contactMergeID struct {
	ID rapport.ContactMergeID `path:"id"`
}

func (s *server) undoContacts(ctx context.Context, in *contactMergeID) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.Undo(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(c, err)
}

func (s *server) unlink(ctx context.Context, in *conversationInput) (*reply[customer.Unlinked], error) {
	var u customer.Unlinked
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		u, err = customer.Unlink(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(u, err)
}

type linkContact struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		ContactID rapport.ContactID `json:"contact_id"`
	}
}

func (s *server) link(ctx context.Context, in *linkContact) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = customer.Link(tx, actorOf(ctx), in.ID, in.Body.ContactID)
		return err
	})
	return ok(c, err)
}
