package demo

import (
	"rapport"
	"rapport/store"
)

// texts is what agents write and note with: canned responses, approved templates,
// macros, forms, dispositions, and tags with their colours.
func (t *teller) texts(web, orders rapport.InboxID) {
	support, sales := []rapport.QueueID{t.queues["Support"]}, []rapport.QueueID{t.queues["Sales"]}
	t.do(func(tx *store.Tx) error {
		now := tx.Now()
		for _, tag := range []rapport.Tag{
			{Name: "delivery", Color: "#2563eb", Description: "Where a parcel is, and when it comes"},
			{Name: "broken", Color: "#dc2626", Description: "Arrived damaged; tell the warehouse"},
			{Name: "payment", Color: "#b45309", Description: "Charges, refunds, vouchers"},
			{Name: "plant care", Color: "#15803d", Description: "Light, water, soil"},
			{Name: "wholesale", Color: "#7c3aed", Description: "Offices, shops, restaurants"},
		} {
			tag.UpdatedAt = now
			if err := tx.SaveTag(tag); err != nil {
				return err
			}
		}
		for _, c := range []rapport.Canned{
			{Shortcut: "hello", Title: "Greeting", Folder: "Opening", Body: "Hello {{customer.first_name}}, this is {{agent.first_name}} of Fern & Moss. How can I help?", Variants: map[string]string{"de": "Guten Tag {{customer.first_name}}, hier ist {{agent.first_name}} von Fern & Moss. Wie kann ich helfen?"}, Used: 41},
			{Shortcut: "late", Title: "Late parcel", Folder: "Delivery", Body: "I am sorry that your parcel is late. The carrier says: {{what the carrier says}}. If it is not there by {{day}}, we send a new one.", Queues: support, Used: 17},
			{Shortcut: "broken", Title: "Arrived broken", Folder: "Delivery", Body: "I am sorry! Could you send us a picture of the pot and the number on the box? A new one leaves today.", Queues: support, Used: 12},
			{Shortcut: "offer", Title: "Offer for an office", Folder: "Sales", Body: "For {{size}} m² with {{light}} light we recommend {{plants}} plants. Delivery and planting are included from 300 €.", Queues: sales, Used: 6},
			{Shortcut: "bye", Title: "Goodbye", Folder: "Closing", Body: "Gladly! Have a good day, and happy growing.", Used: 33},
		} {
			c.ID, c.UpdatedAt = rapport.NewID[rapport.CannedID](), now
			if err := tx.SaveCanned(c); err != nil {
				return err
			}
		}
		for _, m := range []rapport.MessageTemplate{
			{Name: "order_shipped", Language: "en", Category: "utility", Body: "Hello {{1}}, your order {{2}} is on its way and should be with you on {{3}}.", Footer: "Fern & Moss", Status: rapport.TemplateApproved,
				Variables: []rapport.TemplateVariable{{Name: "1", Label: "First name", Example: "Maria"}, {Name: "2", Label: "Order", Example: "20417"}, {Name: "3", Label: "Day", Example: "Friday"}}},
			{Name: "order_shipped", Language: "de", Category: "utility", Body: "Hallo {{1}}, Ihre Bestellung {{2}} ist unterwegs und sollte am {{3}} bei Ihnen sein.", Footer: "Fern & Moss", Status: rapport.TemplateApproved,
				Variables: []rapport.TemplateVariable{{Name: "1", Label: "Vorname", Example: "Maria"}, {Name: "2", Label: "Bestellung", Example: "20417"}, {Name: "3", Label: "Tag", Example: "Freitag"}}},
			{Name: "spring_sale", Language: "en", Category: "marketing", Header: "Spring is here", Body: "Hello {{1}}, all ferns are 20 % off until Sunday.", Status: rapport.TemplateRejected, Reason: "Too little is known of who agreed to advertising.",
				Variables: []rapport.TemplateVariable{{Name: "1", Label: "First name", Example: "Maria"}}},
		} {
			m.ID, m.InboxID, m.UpdatedAt = rapport.NewID[rapport.TemplateID](), orders, now
			if err := tx.SaveTemplate(m); err != nil {
				return err
			}
		}
		form := rapport.Form{ID: rapport.NewID[rapport.FormID](), Name: "Complaint about an order", Help: "What the warehouse needs to send a new one.", UpdatedAt: now, Fields: []rapport.FormField{
			{Name: "order_number", Label: "Order", Type: rapport.FieldText, Help: "Five digits, on the delivery note.", RequiredOnSolve: true},
			{Name: "damage", Label: "What is wrong", Type: rapport.FieldChoice, Choices: []string{"Broken pot", "Broken plant", "Something is missing", "Too late"}, RequiredOnSolve: true},
			{Name: "replace", Label: "Send a new one", Type: rapport.FieldYesNo, Default: "yes"},
			{Name: "needed_by", Label: "Needed by", Type: rapport.FieldDate},
		}}
		offer := rapport.Form{ID: rapport.NewID[rapport.FormID](), Name: "Offer", Position: 1, DefaultFor: sales, UpdatedAt: now, Fields: []rapport.FormField{
			{Name: "budget", Label: "Budget in €", Type: rapport.FieldNumber},
			{Name: "rooms", Label: "Rooms", Type: rapport.FieldMulti, Choices: []string{"Entrance", "Office", "Meeting room", "Terrace"}},
			{Name: "floor_plan", Label: "Floor plan", Type: rapport.FieldURL},
		}}
		for _, f := range []rapport.Form{form, offer} {
			if err := tx.SaveForm(f); err != nil {
				return err
			}
		}
		t.complaint = form.ID
		dispositions := map[string]rapport.DispositionID{}
		for i, d := range []rapport.Disposition{
			{Code: "ANSWERED", Label: "Question answered"}, {Code: "REPLACED", Label: "Sent a new one", Queues: support}, {Code: "REFUNDED", Label: "Money back", Queues: support},
			{Code: "SOLD", Label: "Offer accepted", Queues: sales}, {Code: "NO-REACTION", Label: "Customer did not come back"},
		} {
			d.ID, d.Enabled, d.Position, d.UpdatedAt = rapport.NewID[rapport.DispositionID](), true, i, now
			dispositions[d.Code] = d.ID
			if err := tx.SaveDisposition(d); err != nil {
				return err
			}
		}
		t.answered = dispositions["ANSWERED"]
		for _, m := range []rapport.Macro{
			{Name: "Broken on arrival", Help: "The customer says that something arrived broken.", Tags: []string{"orders"}, Queues: support, Used: 9,
				Effects: rapport.Effects{Body: "I am sorry, {{customer.first_name}}! A new one leaves today and is with you in two days.", FormID: form.ID, Fields: map[string]string{"damage": "Broken pot", "replace": "yes"},
					AddTags: []string{"broken"}, Priority: rapport.High, Disposition: dispositions["REPLACED"], State: rapport.Solved, Note: "Warehouse: please send a replacement and pack it twice."}},
			{Name: "To Sales", Help: "Somebody wants plants for an office or a shop.", Tags: []string{"hand on"}, Queues: support, Used: 4,
				Effects: rapport.Effects{AddTags: []string{"wholesale"}, QueueID: t.queues["Sales"], Body: "My colleagues in sales know this best; one of them answers you in a moment."}},
			{Name: "Thank and close", Tags: []string{"closing"}, Used: 22,
				Effects: rapport.Effects{Body: "Gladly! Have a good day, and happy growing.", Disposition: dispositions["ANSWERED"], State: rapport.Solved}},
		} {
			m.ID, m.Enabled, m.UpdatedAt = rapport.NewID[rapport.MacroID](), true, now
			if err := m.Validate(); err != nil {
				return err
			}
			if err := tx.SaveMacro(m); err != nil {
				return err
			}
		}
		return nil
	})
	// What each queue writes from (S3-63…S3-67).
	t.do(func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for name, senders := range map[string]rapport.Senders{
			"Support": {Inboxes: []rapport.InboxID{web, orders}, Defaults: []rapport.InboxID{web, orders}},
			"Sales":   {Inboxes: []rapport.InboxID{web, orders}, Defaults: []rapport.InboxID{orders}},
		} {
			q := *config.Queues[t.queues[name]]
			q.Senders = senders
			if err := tx.SaveQueue(q); err != nil {
				return err
			}
		}
		return nil
	})
}

// views are lists that are kept under a name: two for everybody, one of Sales,
// one of Ana's own.
func (t *teller) views() {
	sue, ana := t.agents["Sue"].AgentID, t.agents["Ana"].AgentID
	t.do(func(tx *store.Tx) error {
		for _, v := range []rapport.SavedView{
			{OwnerID: sue, Name: "Urgent and waiting", Listing: rapport.Listing{View: rapport.ViewAll, Filter: rapport.ListFilter{Priorities: []rapport.Priority{rapport.High, rapport.Urgent}}}, Shared: rapport.SharedWithAll},
			{OwnerID: sue, Name: "Broken on arrival", Listing: rapport.Listing{View: rapport.ViewAny, Filter: rapport.ListFilter{Tags: []string{"broken"}}}, Layout: "table", Columns: []string{"customer", "topic", "status", "assignee", "tags", "updated"}, Shared: rapport.SharedWithAll},
			{OwnerID: sue, Name: "Offers", Listing: rapport.Listing{View: rapport.ViewAll, Filter: rapport.ListFilter{Queues: []rapport.QueueID{t.queues["Sales"]}}}, Shared: rapport.SharedWithQueues, Queues: []rapport.QueueID{t.queues["Sales"]}},
			{OwnerID: ana, Name: "My regulars", Listing: rapport.Listing{View: rapport.ViewMine, Filter: rapport.ListFilter{Tags: []string{"plant care"}}}},
		} {
			v.ID, v.Version, v.CreatedAt, v.UpdatedAt = rapport.NewID[rapport.ViewID](), 1, tx.Now(), tx.Now()
			if err := v.Validate(); err != nil {
				return err
			}
			if err := tx.InsertView(&v); err != nil {
				return err
			}
		}
		return nil
	})
}
