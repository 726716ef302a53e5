package rapport_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"rapport"
)

func TestIDsSortByTheirMaking(t *testing.T) {
	t.Parallel()
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = string(rapport.NewID[rapport.ConversationID]())
		if !rapport.ValidID(ids[i]) {
			t.Fatalf("%q does not have the form of an id", ids[i])
		}
	}
	if !slices.IsSorted(ids) {
		t.Error("ids are not in the order of their making")
	}
	if len(slices.Compact(ids)) != len(ids) {
		t.Error("an id was given out twice")
	}
	for _, bad := range []string{"", "x", strings.Repeat("z", 26), ids[0] + "0"} {
		if rapport.ValidID(bad) {
			t.Errorf("%q passes as an id", bad)
		}
	}
}

// Vocabulary: open → pending → solved → closed; solved reopens, closed does not.
func TestStates(t *testing.T) {
	t.Parallel()
	all := []rapport.State{rapport.Open, rapport.Pending, rapport.Solved, rapport.Closed}
	may := map[rapport.State]string{rapport.Open: "pending solved closed", rapport.Pending: "open solved closed", rapport.Solved: "open closed", rapport.Closed: ""}
	for _, from := range all {
		for _, to := range all {
			if want := slices.Contains(strings.Fields(may[from]), string(to)); from.MayBecome(to) != want {
				t.Errorf("%s may become %s: %v, want %v", from, to, !want, want)
			}
		}
	}
}

// Agents see their queues' conversations and what they hold; supervisors all.
// Replying needs membership, for supervisors too (S3-65).
func TestWhoSeesAndWhoReplies(t *testing.T) {
	t.Parallel()
	agent := func(role rapport.Role, queues map[rapport.QueueID]bool) rapport.Actor {
		return rapport.Actor{Kind: rapport.ActorAgent, AgentID: "me", Role: role, Queues: queues}
	}
	in := func(q rapport.QueueID, holder rapport.AgentID, to rapport.QueueID) *rapport.Conversation {
		c := &rapport.Conversation{QueueID: q, Assignee: holder}
		if to != "" {
			c.Transfer = &rapport.Transfer{QueueID: to}
		}
		return c
	}
	for name, c := range map[string]struct {
		actor         rapport.Actor
		c             *rapport.Conversation
		sees, replies bool
	}{
		"member":                     {agent(rapport.RoleAgent, map[rapport.QueueID]bool{"a": true}), in("a", "", ""), true, true},
		"member who may only look":   {agent(rapport.RoleAgent, map[rapport.QueueID]bool{"a": false}), in("a", "", ""), true, false},
		"stranger":                   {agent(rapport.RoleAgent, map[rapport.QueueID]bool{"b": true}), in("a", "", ""), false, false},
		"stranger who holds it":      {agent(rapport.RoleAgent, nil), in("a", "me", ""), true, false},
		"asked to take over":         {agent(rapport.RoleAgent, map[rapport.QueueID]bool{"b": true}), in("a", "", "b"), true, false},
		"supervisor outside":         {agent(rapport.RoleSupervisor, nil), in("a", "", ""), true, false},
		"supervisor who is a member": {agent(rapport.RoleSupervisor, map[rapport.QueueID]bool{"a": true}), in("a", "", ""), true, true},
		"an inbox":                   {rapport.Actor{Kind: rapport.ActorInbox}, in("a", "", ""), false, false},
		"nobody":                     {rapport.Actor{}, in("", "", ""), false, false},
	} {
		if sees, replies := c.actor.Sees(c.c), c.actor.Replies(c.c); sees != c.sees || replies != c.replies {
			t.Errorf("%s: sees %v, replies %v; want %v, %v", name, sees, replies, c.sees, c.replies)
		}
	}
}

func TestRolesAdminister(t *testing.T) {
	t.Parallel()
	for role, want := range map[rapport.Role][2]bool{rapport.RoleAgent: {}, rapport.RoleSupervisor: {true, false}, rapport.RoleAdmin: {true, true}} {
		a := rapport.Actor{Kind: rapport.ActorAgent, Role: role}
		if got := [2]bool{a.Supervises(), a.Administers()}; got != want {
			t.Errorf("%s supervises, administers: %v, want %v", role, got, want)
		}
	}
}

// S3-35: news of a delivery that come late change nothing. What has arrived does
// not fail any more, and what was given up may have arrived all the same.
func TestDeliveryOnlyMovesForward(t *testing.T) {
	t.Parallel()
	order := []rapport.Delivery{rapport.Queued, rapport.Sent, rapport.Failed, rapport.Delivered, rapport.Seen}
	for i, a := range order {
		for j, b := range order {
			if b.After(a) != (j > i) {
				t.Errorf("%s after %s: %v", b, a, b.After(a))
			}
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	if got, err := rapport.ValidBody("body", "  a\x00b\xff "); err != nil || got != "ab\uFFFD" {
		t.Errorf("the body became %q, %v", got, err)
	}
	for _, bad := range []string{"", " \n\t", "\x00", strings.Repeat("x", rapport.MaxBody+1)} {
		if _, err := rapport.ValidBody("body", bad); rapport.KindOf(err) != rapport.Invalid {
			t.Errorf("a body of %d bytes was answered %v", len(bad), err)
		}
	}
	if got := rapport.Preview("a\n\n b" + strings.Repeat("ä", 200)); len([]rune(got)) != 140 || !strings.HasPrefix(got, "a b") {
		t.Errorf("the preview is %q", got)
	}
}

// A limit in characters is the same in every script.
func TestCharactersAreNoBytes(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ж", n) }
	for what, validate := range map[string]func(name string) error{
		"sticky agent of 120": func(n string) error {
			s := rapport.StickyAgent{Title: n, AgentID: "a", Points: []rapport.Point{{Kind: rapport.PointEmail, Address: "a@b.c"}}}
			return s.Validate()
		},
		"agent of 100": func(n string) error {
			a := rapport.Agent{Name: n, Email: "a@b.c", Role: rapport.RoleAgent}
			return a.Validate()
		},
		"status of 40": func(n string) error {
			s := rapport.CustomStatus{Name: n, Base: rapport.StatusBusy, Color: "#2563eb"}
			return s.Validate()
		},
		"tag of 40":     func(n string) error { _, err := rapport.ValidTag(n); return err },
		"body of 10000": func(n string) error { _, err := rapport.ValidBody("body", n); return err },
	} {
		most, err := strconv.Atoi(what[strings.LastIndex(what, " ")+1:])
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(long(most)); err != nil {
			t.Errorf("%s characters: %v", what, err)
		}
		if !strings.HasPrefix(what, "body") && rapport.KindOf(validate(long(most+1))) != rapport.Invalid {
			t.Errorf("%s: one more is taken", what)
		}
	}
}

// S1-12: one to ten contact points, none twice.
func TestStickyAgentRecord(t *testing.T) {
	t.Parallel()
	record := func(n int, change func(*rapport.StickyAgent)) rapport.StickyAgent {
		s := rapport.StickyAgent{Title: "VIP", AgentID: "a"}
		for i := range n {
			s.Points = append(s.Points, rapport.Point{Kind: rapport.PointPhone, Address: "+4930" + strings.Repeat("1", i+4)})
		}
		if change != nil {
			change(&s)
		}
		return s
	}
	for name, c := range map[string]struct {
		s     rapport.StickyAgent
		field string
	}{
		"one":        {record(1, nil), ""},
		"ten":        {record(10, nil), ""},
		"none":       {record(0, nil), "points"},
		"eleven":     {record(11, nil), "points"},
		"twice":      {record(2, func(s *rapport.StickyAgent) { s.Points[1] = s.Points[0] }), "points"},
		"no title":   {record(1, func(s *rapport.StickyAgent) { s.Title = " " }), "title"},
		"long title": {record(1, func(s *rapport.StickyAgent) { s.Title = strings.Repeat("x", 121) }), "title"},
		"two lines":  {record(1, func(s *rapport.StickyAgent) { s.Title = "V\nIP" }), "title"},
		"zero byte":  {record(1, func(s *rapport.StickyAgent) { s.Title = "V\x00IP" }), "title"},
		"no agent":   {record(1, func(s *rapport.StickyAgent) { s.AgentID = "" }), "agent_id"},
	} {
		err := c.s.Validate()
		field := ""
		if e, ok := err.(*rapport.Error); ok {
			field = e.Field
		}
		if field != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: %v (field %q), want field %q", name, err, field, c.field)
		}
	}
}
