package demo

import (
	"bytes"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/conversation"
	"rapport/customer"
	"rapport/routing"
	"rapport/store"
)

// together is what people do besides answering: files and places, colleagues
// named and asked, what is pinned, put off and sent later, what was merged.
func (t *teller) together(web, orders rapport.InboxID) {
	t.send(web, "Lena Vogt", "Here is a picture. The number on the box is 4471.", "pot.png", leaf(true))
	t.mention("Lena Vogt", "@Chidi Mora could you tell the warehouse to pack this size twice?", "Chidi")
	t.pin("Lena Vogt")
	t.describe("Lena Vogt", conversation.Details{Topic: text("Pot arrived broken"), Form: &t.complaint, Fields: map[string]string{"order_number": "20417", "damage": "Broken pot", "replace": "yes"}, Add: []string{"broken", "delivery"}})
	t.give("Lena Vogt", "Here is the invoice once more; the new pot leaves today.", "invoice-20417.pdf", invoice("20417", "Lena Vogt"))

	t.describe("Maria Silva", conversation.Details{Topic: text("Fiddle-leaf fig drops leaves"), Summary: text("The fig stood in direct sun; Maria moves it. She asks how often to water it."), Add: []string{"plant care"}})
	t.describe("Jonas Berg", conversation.Details{Topic: text("Ten plants for an office"), Fields: map[string]string{"budget": "1200", "rooms": "Office\nMeeting room"}, Add: []string{"wholesale"}})
	t.location(web, "Jonas Berg", "The office is here; deliveries by the yard, please.", rapport.Location{Latitude: 52.5025, Longitude: 13.4126, Name: "Berg & Partner, Ritterstraße 26, Berlin"})
	t.later("Jonas Berg", "Good morning Jonas, did our offer reach you?", 20*time.Hour)

	ben := routing.Wish{AgentID: t.agents["Ben"].AgentID}
	t.wish(web, "Hanna Roth", "My climbing frame for the monstera is missing a screw.", ben)
	website := t.latest["Hanna Roth"]
	t.reply("Hanna Roth", "I am sorry, I send you a bag of them today.")
	t.wish(orders, "Hanna Roth", "Order 20431: the customer reports missing parts.", ben)
	order := t.latest["Hanna Roth"]
	t.latest["Hanna Roth"] = website
	t.holder("Hanna Roth", func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, err := conversation.Merge(tx, a, id, order)
		return err
	})

	t.write(web, "Paul Winter", "When will the blue hydrangeas be back?")
	t.reply("Paul Winter", "On Monday, as far as I know. I will write to you then.")
	t.holder("Paul Winter", func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, err := conversation.Snooze(tx, a, id, tx.Now().Add(66*time.Hour))
		return err
	})
	t.holder("Jonas Berg", func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, _, err := conversation.Ask(tx, a, conversation.Question{Topic: "Lead time for ten figs", QueueID: t.queues["Support"], About: id,
			Writing: conversation.Writing{Body: "A customer wants ten fiddle-leaf figs in two weeks. Can the greenhouse do that?", ClientID: rapport.NewID[string]()}})
		return err
	})
	t.holder("Maria Silva", func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, err := conversation.SaveDraft(tx, a, rapport.Draft{ConversationID: id, Kind: "message", Body: "About once a week, when the first two centimetres of soil are dry."})
		return err
	})
}

// people are what is known of customers: attributes, a merge, and two who may be
// one person.
func (t *teller) people() {
	t.do(func(tx *store.Tx) error {
		for i, a := range []rapport.Attribute{
			{Name: "customer_since", Label: "Customer since", Kind: rapport.AttributeDate, Shown: true},
			{Name: "garden", Label: "Garden", Kind: rapport.AttributeChoice, Choices: []string{"Balcony", "Indoors", "Garden", "Office"}, Shown: true, Help: "What grows where."},
			{Name: "newsletter", Label: "Newsletter", Kind: rapport.AttributeYesNo, Shown: true},
		} {
			a.Position = 10 + i
			if err := tx.SaveAttribute(a); err != nil {
				return err
			}
		}
		return nil
	})
	for name, fields := range map[string]map[string]string{
		"Maria Silva": {"city": "Hamburg", "country": "DE", "language": "pt", "customer_since": "2021-03-14", "garden": "Indoors", "newsletter": "yes"},
		"Jonas Berg":  {"city": "Berlin", "country": "DE", "language": "de", "customer_since": "2024-09-02", "garden": "Office"},
		"Lena Vogt":   {"city": "Graz", "country": "AT", "language": "de", "garden": "Balcony", "newsletter": "no"},
	} {
		t.do(func(tx *store.Tx) error {
			c, err := tx.Conversation(t.latest[name])
			if err != nil {
				return err
			}
			if _, err := conversation.SetContactFields(tx, *t.agents["Sue"], c.ContactID, fields); err != nil {
				return err
			}
			_, err = customer.SetTags(tx, *t.agents["Sue"], c.ContactID, map[string][]string{"Maria Silva": {"key account"}, "Jonas Berg": {"business"}}[name])
			return err
		})
	}
	t.do(func(tx *store.Tx) error {
		ada := *t.agents["Ada"]
		for _, n := range []customer.New{
			{Name: "Lina Vogt", Points: []string{"lina.vogt@example.com", "+436641234567"}, Fields: map[string]string{"city": "Graz", "country": "AT"}},
			{Name: "Thomas Fischer", Points: []string{"t.fischer@example.com", "+4917098765432"}, Fields: map[string]string{"city": "Bremen"}},
			{Name: "Tomas Fischer", Points: []string{"tomas@fischer.example.com"}, Fields: map[string]string{"city": "Bremen"}},
		} {
			if _, err := customer.Create(tx, ada, n); err != nil {
				return err
			}
		}
		kept, err := customer.Create(tx, ada, customer.New{Name: "Greta Lind", Points: []string{"greta.lind@example.com"}, Fields: map[string]string{"city": "Malmö"}})
		if err != nil {
			return err
		}
		again, err := customer.Create(tx, ada, customer.New{Name: "G. Lind", Points: []string{"+46701234567"}, Tags: []string{"business"}})
		if err != nil {
			return err
		}
		_, _, err = customer.Merge(tx, ada, kept.ID, again.ID, customer.Choice{})
		return err
	})
}

func text(s string) *string { return &s }

// send is a customer's message with a file.
func (t *teller) send(inbox rapport.InboxID, who, body, name string, file []byte) {
	in := inbound(inbox, who, body)
	id := t.upload(attachment.Start{Owner: conversation.OwnerPoint(inbox, in.Points[0]), Purpose: "web", Client: "widget", Name: name}, file)
	in.Files = []rapport.FileID{id}
	t.receive(who, in)
}

// location is a customer's message with a place.
func (t *teller) location(inbox rapport.InboxID, who, body string, l rapport.Location) {
	in := inbound(inbox, who, body)
	in.Location = &l
	in.Wish = routing.Wish{AgentID: t.agents["Ben"].AgentID}
	t.receive(who, in)
}

// give is an agent's answer with a file.
func (t *teller) give(customer, body, name string, file []byte) {
	t.holder(customer, func(_ *store.Tx, a rapport.Actor, _ rapport.ConversationID) error { t.acting = a; return nil })
	id := t.upload(attachment.Start{Owner: conversation.OwnerAgent(t.acting.AgentID), Purpose: "web", Client: "desk", Name: name}, file)
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, c rapport.ConversationID) error {
		_, _, err := conversation.Reply(tx, a, c, conversation.Writing{Body: body, Files: []rapport.FileID{id}, ClientID: rapport.NewID[string]()})
		return err
	})
}

func (t *teller) upload(in attachment.Start, file []byte) rapport.FileID {
	if t.err != nil {
		return ""
	}
	f, err := t.app.Shelf().Take(t.ctx, in, bytes.NewReader(file))
	t.err = err
	return f.ID
}

// mention is a note that names a colleague.
func (t *teller) mention(customer, body, colleague string) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, _, err := conversation.Note(tx, a, id, conversation.Writing{Body: body, ClientID: rapport.NewID[string](), Content: rapport.Content{Mentions: []rapport.AgentID{t.agents[colleague].AgentID}}})
		return err
	})
}

// pin puts the latest note to the top of the thread.
func (t *teller) pin(customer string) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		items, err := tx.Items(id, 0, 0, 200)
		if err != nil {
			return err
		}
		last := 0
		for _, i := range items {
			if i.Kind == rapport.ItemNote {
				last = i.Seq
			}
		}
		_, err = conversation.Pin(tx, a, id, last, true)
		return err
	})
}

func (t *teller) describe(customer string, d conversation.Details) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, err := conversation.Describe(tx, a, id, d)
		return err
	})
}

// later is an answer that waits for its time.
func (t *teller) later(customer, body string, in time.Duration) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, _, err := conversation.SendLater(tx, a, id, conversation.Writing{Body: body, ClientID: rapport.NewID[string]()}, conversation.Later{At: tx.Now().Add(in), OnlySilent: true})
		return err
	})
}
