package demo

import (
	"context"
	"fmt"
	"strings"

	"rapport"
	"rapport/app"
	"rapport/channel"
	"rapport/conversation"
	"rapport/presence"
	"rapport/routing"
	"rapport/store"
)

// story is what the demo has made up.
type story struct {
	people         []person
	inbox          rapport.InboxID // of the website
	identitySecret string
}

type person struct{ agent rapport.Actor }

// teller tells a story through the real rules; the first failure ends it.
type teller struct {
	ctx    context.Context
	app    *app.App
	err    error
	agents map[string]*rapport.Actor
	queues map[string]rapport.QueueID
	latest map[string]rapport.ConversationID // of each customer

	complaint rapport.FormID        // about an order
	answered  rapport.DispositionID // a question
	acting    rapport.Actor         // who has the conversation in hand
}

func (t *teller) do(fn func(tx *store.Tx) error) {
	if t.err == nil {
		t.err = t.app.DB().Update(t.ctx, fn)
	}
}

// playStory makes the people, queues and inboxes of the demo, and a morning's
// work: every rung of the ladder has decided something.
func playStory(ctx context.Context, a *app.App, site string) (story, error) {
	t := &teller{ctx: ctx, app: a, agents: map[string]*rapport.Actor{}, queues: map[string]rapport.QueueID{}, latest: map[string]rapport.ConversationID{}}
	t.do(func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		s := config.Settings
		s.AccountName, s.Country = "Fern & Moss", "DE"
		return routing.SaveSettings(tx, s)
	})
	var s story
	for _, p := range []struct {
		name string
		role rapport.Role
	}{{"Ana Costa", rapport.RoleAgent}, {"Ben Okafor", rapport.RoleAgent}, {"Chidi Mora", rapport.RoleAgent}, {"Sue Lindqvist", rapport.RoleSupervisor}, {"Ada Weiss", rapport.RoleAdmin}} {
		s.people = append(s.people, person{t.agent(p.name, p.role)})
	}
	t.queue("Support", rapport.RoundRobin, "Ana", "Ben", "Chidi")
	t.queue("Sales", rapport.LongestIdle, "Ben", "Chidi")
	web, secret := t.inbox("web", "Website", "Support", map[string]any{"title": "Fern & Moss", "color": "#1f4d36", "greeting": "Hello! Ask us anything about plants.", "origins": []string{site, strings.Replace(site, "127.0.0.1", "localhost", 1)}})
	orders, _ := t.inbox("api", "Shop orders", "Sales", map[string]any{"webhook_url": "https://shop.example.com/hooks/rapport"})
	s.inbox, s.identitySecret = web, secret
	t.record("Key account: Maria Silva", "Ana", visitors[1].Phone)
	t.survey(web)
	t.card(site)
	t.texts(web, orders)
	t.morning(web, orders)
	t.together(web, orders)
	t.people()
	t.views()
	t.lunch(web)
	t.showroom()
	for _, p := range s.people { // nobody is at their desk until a link is opened
		t.do(func(tx *store.Tx) error {
			if err := presence.Disconnect(tx, p.agent.AgentID); err != nil {
				return err
			}
			_, err := routing.SetStatus(tx, p.agent.AgentID, rapport.StatusAvailable)
			return err
		})
	}
	for i := range s.people {
		s.people[i].agent = *t.agents[first(s.people[i].agent.Name)]
	}
	return s, t.err
}

// morning is the work of a morning.
func (t *teller) morning(web, orders rapport.InboxID) {
	t.write(web, "Maria Silva", "Good morning! My fiddle-leaf fig drops leaves since it stands by the window. Is that too much sun?") // named sticky agent
	t.reply("Maria Silva", "Good morning Maria! Direct sun from the south is too much for it. Could you move it two metres into the room?")
	t.write(web, "Maria Silva", "I can. How often should I water it then?")

	t.write(web, "Omar Haddad", "Do you deliver to Austria?") // strategy
	t.reply("Omar Haddad", "Yes, within three days, for 6.90 €.")
	t.state("Omar Haddad", rapport.Solved)
	t.write(web, "Omar Haddad", "One more thing: can I choose the day?") // history: the same agent again
	t.reply("Omar Haddad", "You can, at the last step of your order.")
	t.state("Omar Haddad", rapport.Solved)

	t.write(web, "Lena Vogt", "The pot of my order 20417 arrived broken.") // strategy
	t.reply("Lena Vogt", "I am sorry! Could you send us the number on the box?")
	t.note("Lena Vogt", "Third broken pot of this size this week; told the warehouse.")
	t.state("Lena Vogt", rapport.Pending)
	t.write(orders, "Lena Vogt", "Order 20417: the customer asks for a replacement.") // open case: who has the other one

	t.wish(orders, "Jonas Berg", "Ten plants for an office of 60 m². What do you recommend, and at what price?", routing.Wish{QueueID: t.queues["Sales"]})
	t.reply("Jonas Berg", "With pleasure. How much light does the room get?")
	t.wish(orders, "Priya Nair", "Chidi wanted to call me back about the wholesale list.", routing.Wish{AgentID: t.agents["Chidi"].AgentID})

	t.write(web, "", "Is the monstera poisonous for cats?") // nobody knows who this is
	t.reply("", "It is, a little: better keep it out of their reach.")
	t.write(web, "Tom Fischer", "I was charged twice for order 20398.")
	t.transfer("Tom Fischer", "knows the payment provider")
	t.reply("Tom Fischer", "I see both payments. The second one goes back today.")

	for i, name := range []string{"Grace Lee", "Mats Holm", "Eva Novak", "Ravi Patel"} {
		t.write(web, name, []string{"When do you restock the string of pearls?", "Can I pick up my order tomorrow?", "My voucher does not work.", "Which soil for cacti?"}[i])
		t.reply(name, []string{"Next Tuesday.", "Yes, from nine o'clock.", "It does now, sorry.", "The one with sand and pumice."}[i])
		t.state(name, []rapport.State{rapport.Closed, rapport.Closed, rapport.Solved, rapport.Closed}[i])
	}
}

// lunch finds nobody at their desk: who writes now waits.
func (t *teller) lunch(web rapport.InboxID) {
	for _, name := range []string{"Ana", "Ben", "Chidi"} {
		t.status(name, rapport.StatusAway)
	}
	t.write(web, "Nora Becker", "Hello? My parcel should have been here yesterday.") // waits
	t.priority("Nora Becker", rapport.Urgent)
	t.write(web, "Felix Braun", "Do you have gift cards?")
}

func first(name string) string {
	short, _, _ := strings.Cut(name, " ")
	return short
}

func (t *teller) agent(name string, role rapport.Role) (actor rapport.Actor) {
	t.do(func(tx *store.Tx) error {
		a := rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: name, Email: strings.ToLower(first(name)) + "@example.com", Role: role, Enabled: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}
		actor = rapport.ActorOf(a, nil)
		if err := tx.InsertAgent(a); err != nil {
			return err
		}
		if role != rapport.RoleAgent {
			return nil // they look on
		}
		if err := routing.SignIn(tx, a.ID); err != nil {
			return err
		}
		return routing.Arrive(tx, a.ID)
	})
	t.agents[first(name)] = &actor
	return actor
}

func (t *teller) queue(name string, how rapport.Strategy, members ...string) {
	q := rapport.Queue{ID: rapport.NewID[rapport.QueueID](), Name: name, Strategy: how, Version: 1}
	t.queues[name] = q.ID
	t.do(func(tx *store.Tx) error {
		q.CreatedAt = tx.Now()
		if err := routing.SaveQueue(tx, q); err != nil {
			return err
		}
		for _, m := range members {
			if err := routing.SaveMember(tx, rapport.Member{QueueID: q.ID, AgentID: t.agents[m].AgentID, CanReply: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// inbox makes an inbox as the desk does; it returns the identity secret of one
// that has such a thing.
func (t *teller) inbox(kind, name, queue string, options map[string]any) (id rapport.InboxID, identity string) {
	id = rapport.NewID[rapport.InboxID]()
	info, err := channel.Lookup(kind)
	if err != nil {
		t.err = err
		return id, ""
	}
	for _, o := range info.Options {
		if o.Generated() {
			options[o.Name] = o.Generate().Reveal()
		}
	}
	values, err := info.Decode(options)
	if err != nil {
		t.err = err
		return id, ""
	}
	sealed := map[string]string{}
	for option, secret := range values.Secrets() {
		sealed[option] = t.app.Box().Seal(secret, string(id))
		if option == "identity_secret" {
			identity = secret.Reveal()
		}
	}
	t.do(func(tx *store.Tx) error {
		return tx.SaveInbox(rapport.Inbox{ID: id, Channel: kind, Name: name, QueueID: t.queues[queue], Enabled: true, Pulls: info.Caps.Pulls, Options: values.Open(), CreatedAt: tx.Now()}, sealed)
	})
	return id, identity
}

func (t *teller) record(title, agent, phone string) {
	t.do(func(tx *store.Tx) error {
		return tx.SaveSticky(rapport.StickyAgent{ID: rapport.NewID[rapport.StickyID](), Title: title, Points: []rapport.Point{{Kind: rapport.PointPhone, Address: phone}}, AgentID: t.agents[agent].AgentID, Enabled: true})
	})
}

func (t *teller) write(inbox rapport.InboxID, customer, text string) {
	t.wish(inbox, customer, text, routing.Wish{})
}

func (t *teller) wish(inbox rapport.InboxID, customer, text string, wish routing.Wish) {
	in := inbound(inbox, customer, text)
	in.Wish = wish
	t.receive(customer, in)
}

// inbound is a message of a customer who is known by name, or of a stranger.
func inbound(inbox rapport.InboxID, customer, text string) conversation.Inbound {
	in := conversation.Inbound{InboxID: inbox, Name: customer, Known: customer != "", Body: text}
	if customer == "" {
		in.Points = []rapport.Point{{Kind: rapport.PointVisitor, Address: string(inbox) + ":7f3a"}}
	} else {
		id := strings.ToLower(first(customer))
		email := strings.ReplaceAll(strings.ToLower(customer), " ", ".") + "@example.com"
		in.Points = []rapport.Point{{Kind: rapport.PointExternal, Address: string(inbox) + ":" + id, Shown: id}, {Kind: rapport.PointEmail, Address: email}}
		for _, v := range visitors {
			if v.Name == customer && v.Phone != "" {
				in.Points = append(in.Points, rapport.Point{Kind: rapport.PointPhone, Address: v.Phone})
			}
		}
	}
	return in
}

func (t *teller) receive(customer string, in conversation.Inbound) {
	t.do(func(tx *store.Tx) error {
		got, err := conversation.Receive(tx, in)
		t.latest[customer] = got.Conversation.ID
		return err
	})
}

// holder acts as who has a customer's latest conversation.
func (t *teller) holder(customer string, act func(*store.Tx, rapport.Actor, rapport.ConversationID) error) {
	t.do(func(tx *store.Tx) error {
		c, err := tx.Conversation(t.latest[customer])
		if err != nil {
			return err
		}
		for _, a := range t.agents {
			if a.AgentID != c.Assignee {
				continue
			}
			members, err := tx.MemberOf(a.AgentID)
			if err != nil {
				return err
			}
			agent, err := tx.Agent(a.AgentID)
			if err != nil {
				return err
			}
			if err := act(tx, rapport.ActorOf(agent, members), c.ID); err != nil {
				return fmt.Errorf("%s about %s: %w", agent.Name, customer, err)
			}
			return nil
		}
		return fmt.Errorf("nobody has the conversation of %q", customer)
	})
}

func (t *teller) reply(customer, text string) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, _, err := conversation.Reply(tx, a, id, conversation.Writing{Body: text, ClientID: rapport.NewID[string]()})
		return err
	})
}

func (t *teller) note(customer, text string) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, _, err := conversation.Note(tx, a, id, conversation.Writing{Body: text, ClientID: rapport.NewID[string]()})
		return err
	})
}

func (t *teller) state(customer string, to rapport.State) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		_, err := conversation.SetState(tx, a, id, to)
		return err
	})
}

// transfer hands a conversation to somebody else.
func (t *teller) transfer(customer, reason string) {
	t.holder(customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
		to := t.agents["Ben"].AgentID
		if a.AgentID == to {
			to = t.agents["Chidi"].AgentID
		}
		_, err := conversation.Transfer(tx, a, id, conversation.To{AgentID: to, Reason: reason})
		return err
	})
}

func (t *teller) status(agent string, s rapport.Status) {
	t.do(func(tx *store.Tx) error {
		_, err := routing.SetStatus(tx, t.agents[agent].AgentID, s)
		return err
	})
}

func (t *teller) priority(customer string, p rapport.Priority) {
	t.do(func(tx *store.Tx) error {
		_, err := conversation.SetPriority(tx, rapport.System, t.latest[customer], p)
		return err
	})
}
