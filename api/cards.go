package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/card"
	"rapport/store"
)

// cardRoutes are the boxes of the side panel that other systems fill (S3-73).
func (s *server) cardRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	slow := func(op *huma.Operation) { op.Description += " It may take as long as the other system." }
	return []route{
		at(agent, get, "/conversations/{id}/cards", "conversations-cards", "Context cards of a conversation, without their values", s.listConversationCards),
		at(agent, get, "/conversations/{id}/cards/{card}", "conversations-card", "What the source of a context card says now", s.readConversationCard, slow),
		at(agent, post, "/conversations/{id}/cards/{card}", "conversations-card-change", "Change fields in the system that a context card shows", s.changeConversationCard, slow),

		at(admin, get, "/cards", "cards-list", "List the context cards with their sources", s.listCards),
		at(admin, post, "/cards", "cards-create", "Add a context card", s.createCard, created),
		at(admin, put, "/cards/order", "cards-order", "Put the context cards into an order", s.orderCards),
		at(admin, post, "/cards/try", "cards-try", "What a context card would show, saved or not", s.tryCard, slow),
		at(admin, put, "/cards/{id}", "cards-replace", "Change a context card", s.replaceCard),
		at(admin, patch, "/cards/{id}", "cards-enable", "Switch a context card on or off", s.enableCard),
		at(admin, del, "/cards/{id}", "cards-delete", "Remove a context card", s.deleteCard),
	}
}

type faceList struct {
	Items []card.Face `json:"items"`
}

func (s *server) listConversationCards(ctx context.Context, in *conversationInput) (*reply[faceList], error) {
	var got faceList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = card.Of(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(got, err)
}

type cardReadInput struct {
	ID    rapport.ConversationID `path:"id"`
	Card  rapport.CardID         `path:"card"`
	Fresh bool                   `query:"fresh" doc:"Ask the source anew instead of showing what it said before."`
}

func (s *server) readConversationCard(ctx context.Context, in *cardReadInput) (*reply[card.Reading], error) {
	r, err := s.Cards.Read(ctx, actorOf(ctx), in.ID, in.Card, in.Fresh)
	return ok(r, err)
}

type cardChangeInput struct {
	ID   rapport.ConversationID `path:"id"`
	Card rapport.CardID         `path:"card"`
	Body struct {
		Key    string            `json:"key" doc:"The caller's own: the same again does nothing twice."`
		Seen   map[string]string `json:"seen" doc:"What the caller saw in the fields that change; where the source says something else by now, nothing is written."`
		Values map[string]string `json:"values" doc:"By the names of fields; an empty one is written as null."`
	}
}

func (s *server) changeConversationCard(ctx context.Context, in *cardChangeInput) (*reply[card.Reading], error) {
	r, err := s.Cards.Write(ctx, actorOf(ctx), in.ID, in.Card, card.Change{Key: in.Body.Key, From: in.Body.Seen, To: in.Body.Values})
	return ok(r, err)
}

type cardList struct {
	Items     []rapport.Card `json:"items"`
	Variables []string       `json:"variables" doc:"What addresses may hold, besides contact.fields.NAME and conversation.fields.NAME."`
}

func cards(tx *store.Tx) (got cardList, err error) {
	got.Variables = card.Variables
	got.Items, err = tx.Cards()
	for i := range got.Items {
		got.Items[i] = shownCard(got.Items[i])
	}
	return got, err
}

func (s *server) listCards(ctx context.Context, _ *noInput) (*reply[cardList], error) {
	var got cardList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got, err = cards(tx)
		return err
	})
	return ok(got, err)
}

// shownCard shows no secret.
func shownCard(c rapport.Card) rapport.Card {
	c.Headers = slices.Clone(c.Headers)
	for i, h := range c.Headers {
		if h.Secret {
			c.Headers[i].Value = hidden
		}
	}
	return c
}

// cardInput is what an admin says of a card.
type cardInput struct {
	Name    string            `json:"name"`
	Enabled bool              `json:"enabled"`
	Queues  []rapport.QueueID `json:"queues,omitempty"`
	rapport.CardSource
	Version int `json:"version,omitempty" doc:"To replace a card, the version that was read: what somebody else saved since is not overwritten."`
}

// card checks what an admin says. Secrets that are *** are those of the card
// before, which may not go to another host.
func (s *server) card(c rapport.Card, in *cardInput, sealed map[string]string) (rapport.Card, map[string]string, error) {
	before := c
	c.Name, c.Enabled, c.Queues, c.CardSource = in.Name, in.Enabled, in.Queues, in.CardSource
	c.Headers, c.Fields = slices.Clone(c.Headers), slices.Clone(c.Fields)
	if err := card.Check(&c); err != nil {
		return c, nil, err
	}
	now, err := card.Seal(s.Box, &c, &before, sealed, hidden)
	return c, now, err
}

func (s *server) saveCard(ctx context.Context, tx *store.Tx, c *rapport.Card, sealed map[string]string, deed, detail string) error {
	for _, q := range c.Queues {
		if _, err := tx.Queue(q); err != nil {
			return rapport.Invalidf("queues", "There is no queue %q.", q)
		}
	}
	c.Version++
	if err := tx.SaveCard(*c, sealed); err != nil {
		return err
	}
	return cardsChanged(ctx, tx, deed, c.Name, detail)
}

func cardsChanged(ctx context.Context, tx *store.Tx, deed, subject, detail string) error {
	if err := tx.Append(rapport.Event{Kind: "settings.cards"}, rapport.Change{}); err != nil {
		return err
	}
	return tx.Audit(actorOf(ctx), deed, subject, detail)
}

type cardNew struct{ Body cardInput }

func (s *server) createCard(ctx context.Context, in *cardNew) (*reply[rapport.Card], error) {
	var c rapport.Card
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Cards()
		if err != nil {
			return err
		}
		if len(all) >= rapport.MostCards {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d context cards; that is the most.", len(all))
		}
		made := rapport.Card{ID: rapport.NewID[rapport.CardID](), CreatedAt: tx.Now()}
		for _, other := range all {
			made.Position = max(made.Position, other.Position+1)
		}
		var sealed map[string]string
		if c, sealed, err = s.card(made, &in.Body, nil); err != nil {
			return err
		}
		return s.saveCard(ctx, tx, &c, sealed, "card.created", "")
	})
	return ok(shownCard(c), err)
}

type cardReplace struct {
	ID   rapport.CardID `path:"id"`
	Body cardInput
}

func (s *server) replaceCard(ctx context.Context, in *cardReplace) (*reply[rapport.Card], error) {
	var c rapport.Card
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		before, sealed, err := tx.Card(in.ID)
		if err != nil {
			return err
		}
		if before.Version != in.Body.Version {
			return rapport.Errorf(rapport.Conflict, "changed", "Somebody has changed the card %s meanwhile; open it again.", before.Name)
		}
		if c, sealed, err = s.card(before, &in.Body, sealed); err != nil {
			return err
		}
		return s.saveCard(ctx, tx, &c, sealed, "card.changed", differences(before, c))
	})
	return ok(shownCard(c), err)
}

type cardEnable struct {
	ID   rapport.CardID `path:"id"`
	Body struct {
		Enabled bool `json:"enabled"`
	}
}

func (s *server) enableCard(ctx context.Context, in *cardEnable) (*reply[rapport.Card], error) {
	var c rapport.Card
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		before, sealed, err := tx.Card(in.ID)
		if err != nil {
			return err
		}
		c = before
		if c.Enabled = in.Body.Enabled; c.Enabled == before.Enabled {
			return nil
		}
		return s.saveCard(ctx, tx, &c, sealed, "card.changed", differences(before, c))
	})
	return ok(shownCard(c), err)
}

type cardID struct {
	ID rapport.CardID `path:"id"`
}

func (s *server) deleteCard(ctx context.Context, in *cardID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		c, _, err := tx.Card(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteCard(in.ID); err != nil {
			return err
		}
		return cardsChanged(ctx, tx, "card.deleted", c.Name, "")
	})
}

type cardOrder struct {
	Body struct {
		IDs []rapport.CardID `json:"ids" doc:"All of them, in their order."`
	}
}

func (s *server) orderCards(ctx context.Context, in *cardOrder) (*reply[cardList], error) {
	var got cardList
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Cards()
		if err != nil {
			return err
		}
		there := make([]rapport.CardID, len(all))
		for i, c := range all {
			there[i] = c.ID
		}
		if !sameOnes(there, in.Body.IDs) {
			return rapport.Invalidf("ids", "The order must name each context card once; there are %d.", len(there))
		}
		for i, id := range in.Body.IDs {
			if err := tx.PlaceCard(id, i+1); err != nil {
				return err
			}
		}
		if got, err = cards(tx); err != nil {
			return err
		}
		return cardsChanged(ctx, tx, "card.ordered", "context cards", "")
	})
	return ok(got, err)
}

type cardTry struct {
	Body struct {
		ID             rapport.CardID         `json:"id,omitempty" doc:"The card that is being changed: its secrets are used where they are ***."`
		Card           cardInput              `json:"card"`
		ConversationID rapport.ConversationID `json:"conversation_id,omitempty" doc:"Try it with a conversation and its customer,"`
		ContactID      rapport.ContactID      `json:"contact_id,omitempty" doc:"or with a customer,"`
		Sample         map[string]string      `json:"sample,omitempty" doc:"or with values of variables."`
	}
}

func (s *server) tryCard(ctx context.Context, in *cardTry) (*reply[card.Probe], error) {
	var c rapport.Card
	var sealed, known map[string]string
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		before := rapport.Card{ID: in.Body.ID}
		if before.ID != "" {
			if before, sealed, err = tx.Card(in.Body.ID); err != nil {
				return err
			}
		} else {
			before.ID = "card_try"
		}
		if c, sealed, err = s.card(before, &in.Body.Card, sealed); err != nil {
			return err
		}
		known, err = factsFor(tx, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ok(s.Cards.Try(ctx, &c, sealed, known), nil)
}

// factsFor are the variables that a card is tried with.
func factsFor(tx *store.Tx, in *cardTry) (map[string]string, error) {
	switch {
	case in.Body.ConversationID != "":
		v, err := tx.Summary(in.Body.ConversationID)
		if err != nil {
			return nil, err
		}
		if v.Internal() {
			return card.FactsOf(&v, nil), nil
		}
		c, err := tx.Contact(v.ContactID)
		return card.FactsOf(&v, &c), err
	case in.Body.ContactID != "":
		c, err := tx.Contact(in.Body.ContactID)
		return card.FactsOfContact(&c), err
	case len(in.Body.Sample) > 100:
		return nil, rapport.Invalidf("sample", "At most 100 values.")
	}
	return in.Body.Sample, nil
}
