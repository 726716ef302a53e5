package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/lib/sortname"
	"rapport/store"
)

// crowd fills a database with conversations of all kinds.
func crowd(t *testing.T, db *store.DB, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 11))
	names := []string{"Ádám", "adele", "Zoë", "Łukasz", "", "", "mara", "Straße"}
	update(t, db, func(tx *store.Tx) error {
		for i, name := range []string{"Sales", "General", "billing", "Ärzte"} {
			q := rapport.Queue{ID: rapport.QueueID(fmt.Sprintf("q%d", i)), Name: name, Default: i == 1, Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}
			if err := tx.SaveQueue(q); err != nil {
				return err
			}
		}
		for i, channel := range []string{"web", "web", "api"} {
			if err := tx.SaveInbox(rapport.Inbox{ID: rapport.InboxID(fmt.Sprintf("i%d", i)), Channel: channel, Name: "Inbox", Enabled: true, CreatedAt: tx.Now()}, nil); err != nil {
				return err
			}
		}
		for _, a := range []string{"ana", "ben", "cem"} {
			if err := tx.InsertAgent(rapport.Agent{ID: rapport.AgentID(a), Name: a, Email: a + "@example.com", Role: rapport.RoleAgent, Enabled: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	base := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for i := range n {
		moment := func() time.Time { return base.Add(time.Duration(r.IntN(40)) * time.Minute) } // many at the same moment
		update(t, db, func(tx *store.Tx) error {
			k := rapport.Contact{ID: rapport.ContactID(fmt.Sprintf("k%03d", i)), Name: names[i%len(names)], CreatedAt: tx.Now()}
			if err := tx.InsertContact(k); err != nil {
				return err
			}
			c := rapport.Conversation{ID: rapport.ConversationID(fmt.Sprintf("c%03d", (i*37)%1000)), ContactID: k.ID, InboxID: rapport.InboxID(fmt.Sprintf("i%d", r.IntN(3))),
				QueueID: rapport.QueueID(fmt.Sprintf("q%d", r.IntN(4))), State: []rapport.State{rapport.Open, rapport.Pending, rapport.Pending, rapport.Solved, rapport.Closed}[r.IntN(5)],
				Priority: rapport.PriorityOfRank(1 + r.IntN(4)), Point: rapport.Point{Kind: rapport.PointPhone, Address: fmt.Sprintf("+4930%03d", r.IntN(1000))},
				OpenedAt: moment(), Version: 1, Topic: []string{"", "A refund 100%", "ÜBERWEISUNG"}[r.IntN(3)]}
			if r.IntN(4) > 0 {
				c.LastAt = moment()
			}
			switch c.State {
			case rapport.Pending:
				if r.IntN(2) == 0 {
					c.SnoozedUntil = moment()
				}
			case rapport.Solved:
				c.SolvedAt = moment()
			case rapport.Closed:
				c.ClosedAt = moment()
			}
			switch who := r.IntN(5); {
			case who < 3:
				c.Assignee = []rapport.AgentID{"ana", "ben", "cem"}[who]
				if c.State.Active() && r.IntN(6) == 0 {
					c.Transfer = &rapport.Transfer{QueueID: rapport.QueueID(fmt.Sprintf("q%d", r.IntN(4))), By: c.Assignee, Since: moment(), Until: moment()}
				}
			case who == 3 && c.State.Active():
				c.BotID = "b"
			case c.State.Active():
				c.Waiting = &rapport.Waiting{Since: moment(), Reason: "Nobody is here.", WaitsFor: "somebody"}
			}
			if c.State == rapport.Open && r.IntN(2) == 0 {
				c.AwaitsSince = moment()
			}
			c.Tags = append(c.Tags, []string{"refund", "vip", "rare"}[:r.IntN(3)]...)
			if r.IntN(5) == 0 {
				c.DispositionID = "d"
			}
			s := rapport.Summary{Conversation: c, ContactName: rapport.ShownName(k.Name, c.Point)}
			if q := s.QueueID; q != "" {
				s.QueueName = map[rapport.QueueID]string{"q0": "Sales", "q1": "General", "q2": "billing", "q3": "Ärzte"}[q]
			}
			if err := tx.Record(&s, rapport.Conversation{}, "conversation.opened"); err != nil {
				return err
			}
			return survey(tx, c)
		})
	}
}

// answered is what the customer of a conversation was asked and said: made up
// from its id.
func answered(id rapport.ConversationID) (asked, counts bool, score int, comment string) {
	n, _ := strconv.Atoi(string(id[1:])) // c037
	if n%4 == 0 {
		comment = "So so"
	}
	score = n % 6
	if score == 0 {
		comment = ""
	}
	return n%3 == 0, n%5 > 0, score, comment
}

func survey(tx *store.Tx, c rapport.Conversation) error {
	asked, counts, score, comment := answered(c.ID)
	if !asked {
		return nil
	}
	v := rapport.Survey{ID: rapport.SurveyID("s" + c.ID), ConversationID: c.ID, Origin: c.ID, ContactID: c.ContactID, InboxID: c.InboxID, QueueID: c.QueueID, Scale: rapport.Stars, EndedAt: c.OpenedAt, AskedAt: c.OpenedAt}
	if _, err := tx.InsertSurvey(v, string(v.ID)); err != nil {
		return err
	}
	if score > 0 {
		if err := tx.AnswerSurvey(v.ID, rapport.Rating{Score: score, Comment: comment}); err != nil {
			return err
		}
	}
	if counts {
		return nil
	}
	return tx.SupersedeSurvey(v.ID, "")
}

// rated tells whether a conversation meets what a filter says of surveys.
func rated(f *rapport.ListFilter, id rapport.ConversationID) bool {
	asked, counts, score, comment := answered(id)
	if len(f.Ratings) == 0 && !f.Commented {
		return true
	}
	one := len(f.Ratings) == 0 || slices.ContainsFunc(f.Ratings, func(r rapport.Rated) bool {
		wanted, _ := r.Score()
		return wanted == score
	})
	return asked && counts && one && (comment != "" || !f.Commented)
}

func update(t *testing.T, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// expected does in the plainest way what a list does with indexes.
func expected(all []rapport.Summary, q store.ListQuery, channels map[rapport.InboxID]string, now time.Time) (ids []rapport.ConversationID) {
	f := q.Filter
	contains := func(n int, one bool) bool { return n == 0 || one }
	list := slices.DeleteFunc(slices.Clone(all), func(c rapport.Summary) bool {
		if !q.Actor.Sees(&c.Conversation) || !slices.Contains(q.View.Standings(), c.Standing()) {
			return true
		}
		switch q.View {
		case rapport.ViewMine:
			if c.Assignee != q.Actor.AgentID {
				return true
			}
		case rapport.ViewUnassigned:
			if c.Waiting == nil {
				return true
			}
		case rapport.ViewChatbots:
			if c.BotID == "" {
				return true
			}
		}
		since := c.AwaitsSince
		if c.Waiting != nil {
			since = c.Waiting.Since
		}
		assigned := slices.ContainsFunc(f.Assignees, func(a rapport.AgentID) bool {
			return a == c.Assignee && a != "" || a == rapport.AssigneeMe && c.Assignee == q.Actor.AgentID || a == rapport.AssigneeNobody && c.Assignee == ""
		})
		tagged := slices.ContainsFunc(f.Tags, func(tag string) bool { return slices.Contains(c.Tags, tag) })
		return !(contains(len(f.Queues), slices.Contains(f.Queues, c.QueueID)) && contains(len(f.Inboxes), slices.Contains(f.Inboxes, c.InboxID)) &&
			contains(len(f.Channels), slices.Contains(f.Channels, channels[c.InboxID])) && contains(len(f.Assignees), assigned) &&
			contains(len(f.Statuses), slices.Contains(f.Statuses, c.Standing())) && contains(len(f.Priorities), slices.Contains(f.Priorities, c.Priority)) &&
			contains(len(f.Tags), tagged) && contains(len(f.Dispositions), slices.Contains(f.Dispositions, c.DispositionID)) && rated(&f, c.ID) &&
			(f.WaitsMinutes == 0 || !since.IsZero() && !since.After(now.Add(-time.Duration(f.WaitsMinutes)*time.Minute))) &&
			strings.Contains(strings.ToLower(c.Topic), strings.ToLower(f.Topic)))
	})
	by := func(a, b rapport.Summary) int {
		at := cmp.Or(a.ListedAt().Compare(b.ListedAt()), cmp.Compare(a.ID, b.ID))
		switch q.Sort {
		case rapport.SortLatest:
			return -at
		case rapport.SortStatus:
			return cmp.Or(cmp.Compare(a.Standing(), b.Standing()), at)
		case rapport.SortCustomer:
			return cmp.Or(strings.Compare(sortname.Key(a.ContactName), sortname.Key(b.ContactName)), cmp.Compare(a.ID, b.ID))
		case rapport.SortQueue:
			name := func(s rapport.Summary) string {
				if s.QueueName == "General" { // the default queue
					return ""
				}
				return sortname.Key(s.QueueName)
			}
			return cmp.Or(strings.Compare(name(a), name(b)), at)
		case rapport.SortWaiting:
			if q.View == rapport.ViewUnassigned {
				return cmp.Or(b.Priority.Rank()-a.Priority.Rank(), a.Waiting.Since.Compare(b.Waiting.Since), cmp.Compare(a.ID, b.ID))
			}
			if a.AwaitsSince.IsZero() != b.AwaitsSince.IsZero() {
				if a.AwaitsSince.IsZero() {
					return 1
				}
				return -1
			}
			if a.AwaitsSince.IsZero() {
				return -at
			}
			return cmp.Or(a.AwaitsSince.Compare(b.AwaitsSince), cmp.Compare(a.ID, b.ID))
		}
		return at
	}
	if q.View == rapport.ViewAny && q.Sort == rapport.SortStatus { // over comes after what is worked on
		plain := by
		by = func(a, b rapport.Summary) int { return cmp.Or(a.Standing().Rank()-b.Standing().Rank(), plain(a, b)) }
	}
	slices.SortFunc(list, by)
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// S3-87, S3-89, S3-90: every view in every order, with every filter, for who
// sees all and for agents, page by page, is what it would be without any index.
func TestListsAreInOrder(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		crowd(t, db, 150)
		var everything []rapport.Summary
		if err := db.View(t.Context(), func(tx *store.Tx) (err error) {
			everything, err = tx.OfAll()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		channels := map[rapport.InboxID]string{"i0": "web", "i1": "web", "i2": "api"}
		agent := func(id rapport.AgentID, queues ...rapport.QueueID) rapport.Actor {
			a := rapport.Actor{Kind: rapport.ActorAgent, AgentID: id, Role: rapport.RoleAgent, Queues: map[rapport.QueueID]bool{}}
			for _, q := range queues {
				a.Queues[q] = true
			}
			return a
		}
		sue := agent("ana", "q0")
		sue.Role = rapport.RoleSupervisor
		actors := map[string]rapport.Actor{"supervisor": sue, "agent": agent("ben", "q1", "q3"), "agent of one queue": agent("cem", "q2"), "agent of none": agent("cem")}
		filters := map[string]rapport.ListFilter{
			"all": {}, "queue": {Queues: []rapport.QueueID{"q0", "q1"}}, "foreign queue": {Queues: []rapport.QueueID{"q0"}}, "inbox": {Inboxes: []rapport.InboxID{"i1"}},
			"channel": {Channels: []string{"api"}}, "no channel": {Channels: []string{"fax"}}, "me": {Assignees: []rapport.AgentID{rapport.AssigneeMe}},
			"none or ben": {Assignees: []rapport.AgentID{rapport.AssigneeNobody, "ben"}}, "ben": {Assignees: []rapport.AgentID{"ben"}},
			"snoozed": {Statuses: []rapport.Standing{rapport.StandsSnoozed}}, "pending or solved": {Statuses: []rapport.Standing{rapport.StandsPending, rapport.StandsSolved}},
			"urgent": {Priorities: []rapport.Priority{rapport.Urgent}}, "normal or low": {Priorities: []rapport.Priority{rapport.Normal, rapport.Low}},
			"tag": {Tags: []string{"vip", "rare"}}, "unknown tag": {Tags: []string{"x"}}, "disposition": {Dispositions: []rapport.DispositionID{"d"}},
			"dissatisfied": {Ratings: []rapport.Rated{"1", "2"}}, "commented": {Commented: true}, "no answer or well": {Ratings: []rapport.Rated{rapport.NotRated, "5"}}, "middling with a comment": {Ratings: []rapport.Rated{"2", "3", "4"}, Commented: true},
			"waits": {WaitsMinutes: 20}, "topic": {Topic: "100%"}, "topic beyond ASCII": {Topic: "überWeisung"}, "no wildcard": {Topic: "1_0"},
			"much": {Queues: []rapport.QueueID{"q1", "q2", "q3"}, Priorities: []rapport.Priority{rapport.High, rapport.Normal, rapport.Low}, Channels: []string{"web"}, Tags: []string{"refund"}},
		}
		now := time.Date(2026, 3, 2, 10, 45, 0, 0, time.UTC)
		combinations, every := 0, map[string]int{"sqlite": 3, "postgres": 40}
		for who, actor := range actors {
			for _, view := range []rapport.ListView{rapport.ViewMine, rapport.ViewUnassigned, rapport.ViewAll, rapport.ViewChatbots, rapport.ViewHistory, rapport.ViewAny} {
				for _, sort := range view.Sorts() {
					for name, filter := range filters {
						if combinations++; combinations%every[db.Dialect()] > 0 { // each takes its time
							continue
						}
						q := store.ListQuery{Listing: rapport.Listing{View: view, Filter: filter, Sort: sort}, Actor: actor, Limit: 7}.At(now)
						want := expected(everything, q, channels, now)
						got, count := read(t, db, q)
						if !slices.Equal(got, want) {
							t.Fatalf("%s, %s by %s, filter %q:\n got %v\nwant %v", who, view, sort, name, got, want)
						}
						if count >= 0 && count != min(len(want), 30) {
							t.Errorf("%s, %s by %s, filter %q: counted %d of %d", who, view, sort, name, count, len(want))
						}
					}
				}
			}
		}
	})
}

// read reads a list page by page, and counts it; the count is -1 where it is cut short.
func read(t *testing.T, db *store.DB, q store.ListQuery) (ids []rapport.ConversationID, count int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		n, more, err := tx.Count(q, 30)
		if err != nil {
			return err
		}
		if count = n; more && n < 30 {
			count = -1
		}
		for {
			p, err := tx.List(q)
			if err != nil {
				return err
			}
			for _, c := range p.Items {
				ids = append(ids, c.ID)
			}
			if p.Next == nil {
				return nil
			}
			if len(p.Items) > q.Limit {
				return fmt.Errorf("a page of %d", len(p.Items))
			}
			q.After = p.Next
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids, count
}

// S3-89, S3-90 at a million conversations: whatever the order, an index gives it.
// No list or common filter reads the whole table or sorts it.
func TestIndexesGiveEveryOrder(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		crowd(t, db, 1)
		sue := rapport.Actor{Kind: rapport.ActorAgent, AgentID: "ana", Role: rapport.RoleSupervisor}
		ben := rapport.Actor{Kind: rapport.ActorAgent, AgentID: "ben", Role: rapport.RoleAgent, Queues: map[rapport.QueueID]bool{"q0": true, "q1": true}}
		filters := map[string]rapport.ListFilter{
			"all": {}, "queue": {Queues: []rapport.QueueID{"q0", "q1"}}, "assignee": {Assignees: []rapport.AgentID{"ben"}}, "status": {Statuses: []rapport.Standing{rapport.StandsPending}},
			"inbox": {Inboxes: []rapport.InboxID{"i1"}}, "priority": {Priorities: []rapport.Priority{rapport.Urgent}}, "tag": {Tags: []string{"vip"}}, "disposition": {Dispositions: []rapport.DispositionID{"d"}}, "survey": {Ratings: []rapport.Rated{"1", rapport.NotRated}}, "comment": {Commented: true},
		}
		seen := 0
		update(t, db, func(tx *store.Tx) error {
			if db.Dialect() == "postgres" { // tables are too small for it to see a reason
				for _, off := range []string{"enable_seqscan", "enable_sort", "enable_incremental_sort", "enable_bitmapscan"} {
					if err := tx.Do("set local " + off + " = off"); err != nil {
						return err
					}
				}
			}
			for _, actor := range []rapport.Actor{sue, ben} {
				for _, view := range []rapport.ListView{rapport.ViewMine, rapport.ViewUnassigned, rapport.ViewAll, rapport.ViewChatbots, rapport.ViewHistory, rapport.ViewAny} {
					for _, sort := range view.Sorts() {
						for name, f := range filters {
							texts, args, err := tx.Streams(store.ListQuery{Listing: rapport.Listing{View: view, Sort: sort, Filter: f}, Actor: actor, Limit: 50})
							if err != nil {
								return err
							}
							for i, text := range texts {
								plan, err := tx.Explain(text, args[i]...)
								if err != nil {
									return err
								}
								seen++
								all := strings.Join(plan, "\n")
								// What an agent holds, and what waits for another queue, is a handful.
								handful := strings.Contains(text, "c.awaits_since") || strings.Contains(text, "transfer_queue")
								if view == rapport.ViewUnassigned && (name == "all" || name == "queue" || name == "status") && strings.Contains(text, "limit 51") && !handful && !strings.Contains(text, "c.assignee_id = ") && !strings.Contains(text, "x.started_by") && !strings.Contains(all, "conversation_line") {
									return fmt.Errorf("%s by %s, filter %s does not read who waits:\n%s\n%s", view, sort, name, text, all)
								}
								for _, line := range plan {
									scans := strings.Contains(line, "SCAN c") && !strings.Contains(line, "USING") || strings.Contains(line, "Seq Scan on conversation")
									sorts := strings.Contains(line, "TEMP B-TREE FOR ORDER BY") || strings.Contains(line, "Sort Key: c.")
									if scans || sorts && !handful {
										return fmt.Errorf("%s by %s, filter %s reads or sorts all:\n%s\n%s", view, sort, name, text, all)
									}
								}
							}
						}
					}
				}
			}
			return nil
		})
		if seen < 500 {
			t.Errorf("only %d statements were looked at", seen)
		}
	})
}
