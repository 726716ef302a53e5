package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/gateway"
	"rapport/handoff"
	"rapport/handoff/sandbox"
	"rapport/lib/secretbox"
	"rapport/store"
)

// The kind "puppet" is asked nothing: a workflow speaks for it.
func init() {
	handoff.Register(handoff.Info{
		Kind: "puppet", Name: "Puppet", Help: "A workflow speaks for it.",
		Options: []handoff.Option{{Name: handoff.WorkflowOption, Type: "string", Label: "Workflow", Help: "Which one.", Required: true}},
	}, func(handoff.Setup) (handoff.Bot, error) { return nil, nil })
}

// mind is the server behind a sandbox bot.
type mind struct {
	s  *scene
	id rapport.BotID

	mu    sync.Mutex
	turns []handoff.Turn // that it was asked, repeats included
	think func(w http.ResponseWriter, r *http.Request, t handoff.Turn)
}

// bot makes one that answers first in the inbox "site" of the queue support.
func (s *scene) bot(t *testing.T, change ...func(*rapport.Bot)) *mind {
	t.Helper()
	m := &mind{s: s, id: rapport.NewID[rapport.BotID]()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var turn handoff.Turn
		if err := json.NewDecoder(r.Body).Decode(&turn); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		m.mu.Lock()
		m.turns = append(m.turns, turn)
		think := m.think
		m.mu.Unlock()
		if think == nil {
			m.say(w, "You wrote: "+wordsOf(turn.Messages))
			return
		}
		think(w, r, turn)
	}))
	t.Cleanup(server.Close)
	b := rapport.Bot{ID: m.id, Kind: sandbox.Kind, Name: "Robin", Enabled: true, Options: map[string]any{"remote": server.URL}, BotRules: rapport.BotRules{TimeoutSeconds: 60}}
	for _, c := range change {
		c(&b)
	}
	s.Queue("support", "ana")
	inbox := s.Inbox("site", "support")
	inbox.BotID = b.ID
	s.Update(func(tx *store.Tx) error {
		sealed := map[string]string{}
		for name, secret := range map[string]secretbox.Secret{"secret": "sbx_shared", "token": "rpb_token"} {
			sealed[name] = s.box.Seal(secret, string(b.ID))
		}
		if err := tx.SaveBot(b, sealed); err != nil {
			return err
		}
		return tx.SaveInbox(inbox, nil)
	})
	return m
}

func wordsOf(messages []handoff.Message) string {
	var list []string
	for _, m := range messages {
		list = append(list, m.Body)
	}
	return strings.Join(list, " / ")
}

func (m *mind) thinks(think func(w http.ResponseWriter, r *http.Request, t handoff.Turn)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.think = think
}

func (m *mind) say(w http.ResponseWriter, text string) {
	m.answer(w, sandbox.Answer{Say: []handoff.Say{{Text: text}}})
}

func (m *mind) answer(w http.ResponseWriter, a sandbox.Answer) {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // plain data
	}
	w.Write(text)
}

func (m *mind) asked() []handoff.Turn {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.turns)
}

// until follows the log until something is so.
func (s *scene) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	tail := s.DB.Follow(0)
	defer tail.Close()
	ctx, cancel := context.WithTimeout(t.Context(), waiting)
	defer cancel()
	for !so() {
		if _, err := tail.Next(ctx); err != nil {
			t.Fatalf("waiting until %s: %v", what, err)
		}
	}
}

// said are the messages of a conversation, with who wrote them.
func (s *scene) said(customer string) (list []string) {
	for _, i := range s.Items(customer) {
		if i.Kind == rapport.ItemMessage {
			list = append(list, string(i.By)+": "+i.Body)
		}
	}
	return list
}

func (s *scene) told(agent string) (list []string) {
	id := s.Agent(agent).ID
	s.View(func(tx *store.Tx) error {
		notes, err := tx.Notifications(id, 100)
		for _, n := range notes {
			list = append(list, string(n.Kind)+": "+n.Text)
		}
		return err
	})
	return list
}

// S5: the bot of the inbox answers first; its words are the conversation's
// answer, and nobody else was asked.
func TestABotAnswers(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.work(t)
		s.Write("carla", "Hello")
		s.until(t, "the bot has answered", func() bool { return len(s.said("carla")) == 2 })
		c := s.Of("carla")
		if c.BotID != m.id || c.BotName != "Robin" || c.Assignee != "" || c.Waiting != nil || !c.AwaitsSince.IsZero() || c.LastBy != rapport.ByBot {
			t.Errorf("the conversation is %+v", c)
		}
		if got := s.said("carla"); got[1] != "bot: You wrote: Hello" {
			t.Errorf("the thread is %q", got)
		}
		if s.Agent("ana").Load != 0 || len(s.told("ana")) != 0 {
			t.Error("an agent was troubled")
		}
		s.Write("carla", "And now?")
		s.until(t, "the second answer", func() bool { return len(s.said("carla")) == 4 })
		turn := m.asked()[1]
		if wordsOf(turn.Messages) != "And now?" || wordsOf(turn.Transcript) != "Hello / You wrote: Hello / And now?" || turn.ID == m.asked()[0].ID || turn.Contact.Name != "carla" {
			t.Errorf("the second turn is %+v", turn)
		}
	})
}

// What the customer writes while the bot thinks is a turn of its own: nothing is
// lost, in order, one at a time.
func TestAMessageDuringATurnGetsItsOwn(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		thinking, goOn := make(chan struct{}, 10), make(chan struct{})
		m.thinks(func(w http.ResponseWriter, _ *http.Request, t handoff.Turn) {
			thinking <- struct{}{}
			<-goOn
			m.say(w, "You wrote: "+wordsOf(t.Messages))
		})
		s.work(t)
		s.Write("carla", "one")
		<-thinking
		s.Write("carla", "two")
		s.Write("carla", "three")
		close(goOn)
		s.until(t, "both are answered", func() bool { return len(s.said("carla")) == 5 })
		want := []string{"customer: one", "customer: two", "customer: three", "bot: You wrote: one", "bot: You wrote: two / three"}
		if got := s.said("carla"); !slices.Equal(got, want) {
			t.Errorf("the thread is %q, want %q", got, want)
		}
		if c := s.Of("carla"); !c.AwaitsSince.IsZero() {
			t.Error("the customer still waits")
		}
	})
}

// While a later message waits for its turn, the answer to an earlier one does
// not end the waiting.
func TestAnEarlierAnswerDoesNotEndTheWaiting(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.bot(t)
		s.Write("carla", "one")
		id := s.Of("carla").ID
		var asked *conversation.Asked
		s.Update(func(tx *store.Tx) (err error) {
			asked, err = conversation.BeginTurn(tx, id)
			return err
		})
		s.Write("carla", "two")
		s.Update(func(tx *store.Tx) error {
			ok, err := conversation.EndTurn(tx, asked, conversation.Said{Messages: []conversation.Spoken{{Text: "first"}}, End: true})
			if !ok {
				t.Error("the turn did not count")
			}
			return err
		})
		if c := s.Of("carla"); c.AwaitsSince.IsZero() || c.State != rapport.Open {
			t.Errorf("the conversation is %s and awaits an answer since %s", c.State, c.AwaitsSince)
		}
	})
}

// A crash between the bot's answer and the commit: the same turn is asked again
// with the same id, and its answer stands in the thread once.
func TestACrashAfterTheAnswerDoublesNothing(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.Write("carla", "one")
		id := s.Of("carla").ID
		var first, second *conversation.Asked
		begin := func(into **conversation.Asked) {
			s.Update(func(tx *store.Tx) (err error) {
				*into, err = conversation.BeginTurn(tx, id)
				return err
			})
		}
		begin(&first) // … the bot answers, and the program dies
		s.Write("carla", "two")
		begin(&second)
		if first.ID != second.ID || len(second.New) != 1 || second.Attempts != 2 || len(second.Transcript) != 1 {
			t.Errorf("asked %s about %d messages, then %s about %d in attempt %d", first.ID, len(first.New), second.ID, len(second.New), second.Attempts)
		}
		for i, a := range []*conversation.Asked{second, first} { // the dead one comes back, too
			s.Update(func(tx *store.Tx) error {
				kept, err := conversation.EndTurn(tx, a, conversation.Said{Messages: []conversation.Spoken{{Text: "answer"}}})
				if kept != (i == 0) {
					t.Errorf("answer %d: kept is %v", i, kept)
				}
				return err
			})
		}
		if got := s.said("carla"); !slices.Equal(got, []string{"customer: one", "customer: two", "bot: answer"}) {
			t.Errorf("the thread is %q", got)
		}
		s.work(t)
		s.until(t, "the second message is answered", func() bool { return len(s.said("carla")) == 4 })
		if got := m.asked(); len(got) != 1 || wordsOf(got[0].Messages) != "two" {
			t.Errorf("then it was asked %+v", got)
		}
	})
}

// Who takes the conversation while the bot thinks is not answered over.
func TestATakeoverDuringATurnSilencesTheBot(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		thinking, goOn := make(chan struct{}, 10), make(chan struct{})
		m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) {
			thinking <- struct{}{}
			<-goOn
			m.say(w, "too late")
		})
		s.work(t)
		s.Write("carla", "one")
		<-thinking
		if c := s.Claim("ana", "carla"); c.BotID != "" || c.AssigneeName != "ana" {
			t.Errorf("claimed, it is with %q and the bot %q", c.AssigneeName, c.BotID)
		}
		close(goOn)
		s.jobsDone(t)
		if got := s.said("carla"); len(got) != 1 {
			t.Errorf("the thread is %q", got)
		}

		// Given back, the same message is another turn.
		first := m.asked()[0]
		actor, id := s.Actor("ana"), s.Of("carla").ID
		m.thinks(nil)
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.GiveToBot(tx, actor, id, m.id)
			return err
		})
		s.until(t, "the bot has answered", func() bool { return len(s.said("carla")) == 2 })
		if again := m.asked()[1]; again.ID == first.ID || wordsOf(again.Messages) != "one" {
			t.Errorf("the turn after that is %+v", again)
		}
		if s.Agent("ana").Load != 0 {
			t.Error("ana still has it")
		}
	})
}

// jobsDone waits until no job is left.
func (s *scene) jobsDone(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(waiting)
	for {
		left := 0
		s.View(func(tx *store.Tx) (err error) {
			left, _, err = tx.JobCounts()
			return err
		})
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d jobs are left", left)
		}
		timer := time.NewTimer(5 * time.Millisecond)
		<-timer.C
	}
}

// Hand-off carries target, reason, summary and fields, and tells who gets it.
func TestHandOff(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.Queue("sales", "ben")
		s.work(t)
		for customer, c := range map[string]struct {
			wish  handoff.Handoff
			gets  string
			queue string
		}{
			"to a queue":          {handoff.Handoff{Queue: "Sales"}, "ben", "sales"},
			"to an agent":         {handoff.Handoff{Agent: "ana@example.com"}, "ana", "support"},
			"to nobody by name":   {handoff.Handoff{}, "ana", "support"},
			"to an unknown queue": {handoff.Handoff{Queue: "Nowhere"}, "ana", "support"},
		} {
			c.wish.Reason, c.wish.Summary, c.wish.Fields = "wants a human", "Asks for Köln.", map[string]string{"city": "Köln"}
			m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) {
				m.answer(w, sandbox.Answer{Say: []handoff.Say{{Text: "A colleague takes over."}}, Fields: map[string]string{"order": "4711"}, Handoff: &c.wish})
			})
			s.Write(customer, "Hello")
			s.until(t, "it was handed off", func() bool { return s.Holder(customer) != "" })
			v := s.Of(customer)
			if v.AssigneeName != c.gets || v.QueueName != c.queue || v.BotID != "" || v.Fields["city"] != "Köln" || v.Fields["order"] != "4711" || v.AwaitsSince.IsZero() {
				t.Errorf("%s: it is with %s in %s, fields %v", customer, v.AssigneeName, v.QueueName, v.Fields)
			}
			i := slices.IndexFunc(s.Items(customer), func(i rapport.Item) bool { return i.Event == "handoff" })
			if i < 0 {
				t.Fatalf("%s: the thread does not tell", customer)
			}
			line := s.Items(customer)[i]
			if line.Data["summary"] != "Asks for Köln." || !strings.HasPrefix(fmt.Sprint(line.Data["reason"]), "wants a human") || line.By != rapport.ByBot || !strings.Contains(line.Body, "wants a human") {
				t.Errorf("%s: the line is %+v", customer, line)
			}
			if got := s.told(c.gets); !slices.ContainsFunc(got, func(n string) bool { return strings.HasPrefix(n, "handoff: "+customer+": handed off by Robin") }) {
				t.Errorf("%s: %s was told %q", customer, c.gets, got)
			}
		}
	})
}

// "My last agent": the customer's own, whatever the queue's turn is.
func TestHandOffToTheLastAgent(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.Queue("support", "ben", "cyd")
		m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) {
			m.answer(w, sandbox.Answer{Handoff: &handoff.Handoff{LastAgent: true}})
		})
		s.Write("carla", "Hello")
		s.Claim("cyd", "carla")
		s.Reply("cyd", "carla", "Hi")
		s.SetState("cyd", "carla", rapport.Closed)
		s.work(t)
		s.Write("carla", "Me again")
		s.until(t, "it was handed off", func() bool { return s.Holder("carla") != "" })
		if got := s.Holder("carla"); got != "cyd" {
			t.Errorf("%s got it; want cyd", got)
		}
	})
}

// A bot that is down, refuses, or talks nonsense: humans take over, the customer
// hears an apology, and supervisors are told once.
func TestABotThatDoesNotWork(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t, func(b *rapport.Bot) { b.Apology, b.TimeoutSeconds = "Sorry, a colleague takes over.", 5 })
		s.Agent("sue", func(a *rapport.Agent) { a.Role = rapport.RoleSupervisor })
		s.work(t)
		for customer, think := range map[string]func(http.ResponseWriter, *http.Request, handoff.Turn){
			"refused":  func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) { w.WriteHeader(http.StatusUnauthorized) },
			"nonsense": func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) { fmt.Fprint(w, "<html>") },
			"down":     func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) { w.WriteHeader(http.StatusBadGateway) },
		} {
			m.thinks(think)
			s.Write(customer, "Hello")
			s.until(t, "humans have it", func() bool { return s.Holder(customer) != "" })
			if got := s.said(customer); !slices.Equal(got, []string{"customer: Hello", "bot: Sorry, a colleague takes over."}) {
				t.Errorf("%s: the thread is %q", customer, got)
			}
			if c := s.Of(customer); c.AwaitsSince.IsZero() || !c.AwaitsSince.Equal(c.OpenedAt) {
				t.Errorf("%s: it awaits an answer since %s, opened at %s: an apology is no answer", customer, c.AwaitsSince, c.OpenedAt)
			}
		}
		m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) { w.WriteHeader(http.StatusUnauthorized) })
		s.Write("another", "Hello")
		s.until(t, "humans have it", func() bool { return s.Holder("another") != "" })
		counts := map[string]int{}
		for _, n := range s.told("sue") {
			if strings.HasPrefix(n, "escalated: The bot Robin does not work") {
				counts[n]++
			}
		}
		if len(counts) == 0 {
			t.Errorf("the supervisor was told %q", s.told("sue"))
		}
		for n, times := range counts {
			if times > 1 {
				t.Errorf("the supervisor was told %d times: %s", times, n)
			}
		}
	})
}

// One failure that passes is no reason to give up.
func TestABotIsAskedAgain(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.work(t)
		var once sync.Once
		m.thinks(func(w http.ResponseWriter, _ *http.Request, turn handoff.Turn) {
			failed := false
			once.Do(func() { w.WriteHeader(http.StatusBadGateway); failed = true })
			if !failed {
				m.say(w, "Here I am")
			}
		})
		s.Write("carla", "Hello")
		s.until(t, "the bot has answered", func() bool { return len(s.said("carla")) == 2 })
		if turns := m.asked(); len(turns) != 2 || turns[0].ID != turns[1].ID || s.Of("carla").BotID != m.id {
			t.Errorf("it was asked %d times", len(turns))
		}
	})
}

// A bot that is switched off or removed gives up what it holds.
func TestABotThatIsGone(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.work(t)
		s.Agent("ana", func(a *rapport.Agent) { n := 10; a.Capacity = &n })
		for _, c := range []string{"carla", "dora", "emil"} {
			s.Write(c, "Hello")
			s.until(t, "the bot has answered", func() bool { return len(s.said(c)) == 2 })
		}
		s.Update(func(tx *store.Tx) error {
			b, _, err := tx.Bot(m.id)
			if err != nil {
				return err
			}
			b.Enabled = false
			if err := tx.SaveBot(b, nil); err != nil {
				return err
			}
			return conversation.BotGone(tx, b.ID)
		})
		for _, c := range []string{"carla", "dora", "emil"} {
			s.until(t, "ana has it", func() bool { return s.Holder(c) == "ana" })
		}
		s.Write("fred", "Hello") // and it gets no new ones
		if got := s.Holder("fred"); got != "ana" {
			t.Errorf("a new conversation went to %q", got)
		}
	})
}

// A flow bot is asked nothing; without its workflow humans take over.
func TestAFlowBotWithoutItsWorkflow(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.bot(t, func(b *rapport.Bot) {
			b.Kind, b.Options = "puppet", map[string]any{"workflow_id": rapport.NewID[string]()}
		})
		s.work(t)
		s.Write("carla", "Hello")
		s.until(t, "ana has it", func() bool { return s.Holder("carla") == "ana" })
	})
}

// Nobody available: members who are full are told, else supervisors.
func TestWhoIsToldWhenNobodyGetsIt(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.Queue("support", "ben")
		s.Agent("sue", func(a *rapport.Agent) { a.Role = rapport.RoleSupervisor })
		s.Agent("ana", func(a *rapport.Agent) { n := 0; a.Capacity = &n })
		s.Status("ben", rapport.StatusAway)
		m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) {
			m.answer(w, sandbox.Answer{Handoff: &handoff.Handoff{Reason: "lost"}})
		})
		s.work(t)
		waits := func(c string) func() bool { return func() bool { return s.Of(c).Waiting != nil } }
		s.Write("carla", "Hello")
		s.until(t, "it waits", waits("carla"))
		if ana, ben, sue := s.told("ana"), s.told("ben"), s.told("sue"); len(ana) != 1 || len(ben) != 0 || len(sue) != 0 {
			t.Errorf("told: ana %q, ben %q, sue %q; want ana alone", ana, ben, sue)
		}
		s.Status("ana", rapport.StatusAway)
		for _, c := range []string{"dora", "emil"} {
			s.Write(c, "Hello")
			s.until(t, "it waits", waits(c))
		}
		if sue := s.told("sue"); len(sue) != 1 || !strings.Contains(sue[0], "nobody is available") {
			t.Errorf("the supervisor was told %q; want it once", sue)
		}
	})
}

// A bot may end what is settled; the customer comes back to it.
func TestABotEnds(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		m.thinks(func(w http.ResponseWriter, _ *http.Request, t handoff.Turn) {
			m.answer(w, sandbox.Answer{Say: []handoff.Say{{Text: "Bye", Buttons: []string{"Again"}}}, Tags: []string{"done"}, End: wordsOf(t.Messages) == "That was all"})
		})
		s.work(t)
		s.Write("carla", "That was all")
		s.until(t, "it is solved", func() bool { return s.Of("carla").State == rapport.Solved })
		c := s.Of("carla")
		if c.EndedBy != rapport.EndedByBot || !slices.Equal(c.Tags, []string{"done"}) || s.Items("carla")[2].Data["buttons"] == nil {
			t.Errorf("it ended by %s with the tags %v", c.EndedBy, c.Tags)
		}
		s.Write("carla", "Again")
		s.until(t, "the bot has answered", func() bool { return len(s.said("carla")) == 4 })
		if again := s.Of("carla"); again.ID != c.ID || again.State != rapport.Open || again.BotID != m.id {
			t.Errorf("the customer is back in %+v", again)
		}
	})
}

// A bot that fails again and again is not asked for a while: customers do not
// wait for it.
func TestABotsBudgetOfErrors(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		m := s.bot(t)
		s.Agent("ana", func(a *rapport.Agent) { n := 100; a.Capacity = &n })
		m.thinks(func(w http.ResponseWriter, _ *http.Request, _ handoff.Turn) { w.WriteHeader(http.StatusBadRequest) })
		s.work(t)
		for n := range gateway.MostFailures + 3 {
			c := fmt.Sprint("customer ", n)
			s.Write(c, "Hello")
			s.until(t, "ana has it", func() bool { return s.Holder(c) == "ana" })
		}
		if got := len(m.asked()); got != gateway.MostFailures {
			t.Errorf("it was asked %d times, want %d", got, gateway.MostFailures)
		}
	})
}

// Typing shows while a bot thinks, and ends with its answer.
func TestABotTypes(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.bot(t)
		type shown struct {
			text string
			on   bool
		}
		var mu sync.Mutex
		var all []shown
		s.BotTypes = func(_ context.Context, _ rapport.ConversationID, b rapport.Bot, text string, on bool) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, shown{b.Name + ": " + text, on})
			return nil
		}
		s.work(t)
		s.Write("carla", "Hello")
		s.until(t, "the bot has answered", func() bool { return len(s.said("carla")) == 2 })
		mu.Lock()
		defer mu.Unlock()
		want := []shown{{"Robin: ", true}, {"Robin: You wrote: Hello", true}, {"Robin: ", false}}
		if !slices.Equal(all, want) {
			t.Errorf("shown were %v, want %v", all, want)
		}
	})
}
