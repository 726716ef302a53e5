package workflow

import (
	"regexp"
	"strings"
)

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// choices makes choices out of "value Label" texts.
func choices(texts ...string) []Choice {
	list := make([]Choice, len(texts))
	for i, text := range texts {
		value, label, _ := strings.Cut(text, " ")
		list[i] = Choice{value, label}
	}
	return list
}

var (
	then    = Output{"next", "Then"}
	nobody  = Output{"nobody", "Nobody was free"}
	onlyOne = []Output{then}

	stateChoices    = choices("open Open", "pending Pending", "solved Solved", "closed Closed")
	priorityChoices = choices("low Low", "normal Normal", "high High", "urgent Urgent")
	strategyChoices = choices("round_robin Round robin", "least_load Least load", "longest_idle Longest idle", "random Random")
)

var triggers = []TriggerKind{
	{"conversation_opened", "Conversation opened", "A conversation begins.", []Field{
		{Name: "source", Label: "Opened by", Type: TypeString, Default: "customer", Choices: choices("customer Customer", "agent Agent", "bot Bot", "any Anybody"), Help: "Who opened it."},
		{Name: "reopened", Label: "Also when it is reopened", Type: TypeBool, Default: false, Help: "Also when a customer writes to a solved conversation, or an agent reopens it."},
		{Name: "inbox", Label: "Inbox", Type: TypeInbox, Help: "Only of this inbox."},
	}},
	{"message_received", "Message received", "A customer writes, the first message of a conversation included.", []Field{
		{Name: "inbox", Label: "Inbox", Type: TypeInbox, Help: "Only of this inbox."},
	}},
	{"assigned", "Assigned", "An agent gets a conversation, by whatever way.", []Field{
		{Name: "queue", Label: "Queue", Type: TypeQueue, Help: "Only in this queue."},
		{Name: "agent", Label: "Agent", Type: TypeAgent, Help: "Only to this agent."},
	}},
	{"status_changed", "State changed", "A conversation becomes open, pending, solved or closed.", []Field{
		{Name: "from", Label: "From", Type: TypeStatus, Choices: stateChoices, Help: "Only from this state."},
		{Name: "to", Label: "To", Type: TypeStatus, Choices: stateChoices, Help: "Only to this state."},
	}},
	{"tag_added", "Tag added", "A conversation gets a tag.", []Field{
		{Name: "tag", Label: "Tag", Type: TypeTag, Help: "Only this tag; empty: any."},
	}},
	{"contact_field_changed", "Customer's field changed", "A field of the customer gets another value. Runs for each of their conversations that is open or pending.", []Field{
		{Name: "field", Label: "Field", Type: TypeString, Help: "Only this field; empty: any."},
	}},
	{"handed_off", "Handed off by a bot", "A bot gives a conversation to humans.", []Field{
		{Name: "bot", Label: "Bot", Type: TypeBot, Help: "Only this bot."},
	}},
	{"handed_to_flow", "Given to a flow bot", "A bot of the kind flow that names this workflow gets a conversation: this workflow is what it says and does.", []Field{
		{Name: "bot", Label: "Bot", Type: TypeBot, Help: "Only this bot, whatever workflow it names."},
	}},
	{"schedule", "Schedule", "At set times, once or for each conversation that the condition holds for.", []Field{
		{Name: "every", Label: "Every", Type: TypeDuration, Min: 60, Max: 30 * 24 * 3600, Help: "Again and again after this long. Give this or a cron line."},
		{Name: "cron", Label: "Cron line", Type: TypeString, Help: "Minute, hour, day of the month, month, day of the week: 0 9 * * 1-5 is 9:00 on working days."},
		{Name: "zone", Label: "Time zone", Type: TypeString, Help: "Of the cron line, such as Europe/Berlin; empty: UTC."},
		{Name: "over", Label: "For", Type: TypeString, Default: "conversations", Choices: choices("conversations Each open or pending conversation", "once Once, without a conversation"), Help: "For which conversations it runs; the trigger's condition chooses among them."},
		{Name: "most", Label: "At most", Type: TypeInt, Default: 100, Min: 1, Max: 500, Help: "Conversations at one time."},
	}},
}

var (
	strategyField = Field{Name: "strategy", Label: "Strategy", Type: TypeStrategy, Choices: strategyChoices, Help: "How to choose among several agents; empty: as the queue says."}
	onlineField   = Field{Name: "only_online", Label: "Only agents who are online", Type: TypeBool, Default: true, Help: "Only agents who are available and have room. If nobody is, it waits, supervisors are told, and it goes to the first who comes."}
	keepField     = Field{Name: "keep", Label: "Leave it with whoever has it", Type: TypeBool, Default: true, Help: "If an agent has it already, nothing moves."}
	otherField    = Field{Name: "exclude_current", Label: "Somebody else than now", Type: TypeBool, Default: false, Help: "Not the agent who has it, nor anybody who had it since the last answer."}
	untimedField  = Field{Name: "untimed", Label: "This workflow looks after the answer", Type: TypeBool, Default: false, Help: "The reply timer of the account or the queue does not act on this assignment, because this workflow does. When the run ends the timer counts again."}
	lastField     = Field{Name: "prefer_last_agent", Label: "Prefer the last agent", Type: TypeBool, Default: false, Help: "The customer's own agent first, if they are in this queue and can take it."}
	messageField  = Field{Name: "text", Label: "Text", Type: TypeText, Required: true, Template: true, Max: 4000, Help: "What is written. {{contact.name}} and other facts are filled in."}
)

var steps = []StepKind{
	{"assign_agent", "Assign to an agent", "Gives it to one agent.", "people", []Output{then, nobody}, []Field{
		{Name: "agent", Label: "Agent", Type: TypeAgent, Required: true, Help: "Who gets it."},
		{Name: "only_online", Label: "Only if online", Type: TypeBool, Default: true, Help: "Only if they are available and have room; otherwise somebody else of the queue gets it, or it waits. Switched off they get it all the same, and it is marked so."},
		keepField, otherField, untimedField,
	}, true},
	{"assign_queue", "Assign to a queue", "Gives it to an agent of a queue.", "people", []Output{then, nobody}, []Field{
		{Name: "queue", Label: "Queue", Type: TypeQueue, Help: "Empty: the one it is in."},
		strategyField, onlineField, lastField, keepField, otherField, untimedField,
	}, true},
	{"assign_sticky", "Assign to the own agent", "Gives it to the customer's own agent, as the sticky settings say; else to the queue.", "people", []Output{then, nobody}, []Field{
		keepField, otherField, untimedField,
	}, true},
	{"notify", "Notify", "Tells agents, without a word in the conversation.", "people", onlyOne, []Field{
		{Name: "tell", Label: "Whom", Type: TypeString, Default: "assignee", Choices: choices("assignee Whoever has it", "supervisors Supervisors", "agent One agent"), Help: "Who is told."},
		{Name: "agent", Label: "Agent", Type: TypeAgent, Help: "With Whom: One agent."},
		{Name: "text", Label: "Text", Type: TypeString, Required: true, Template: true, Max: 500, Help: "One sentence."},
	}, true},
	{"comment", "Note", "Writes a note to colleagues and tells somebody.", "people", onlyOne, []Field{
		messageField,
		{Name: "tell", Label: "Tells", Type: TypeString, Default: "assignee", Choices: choices("assignee Whoever has it", "supervisors Supervisors", "agent One agent", "nobody Nobody"), Help: "Who is told."},
		{Name: "agent", Label: "Agent", Type: TypeAgent, Help: "With Tells: One agent."},
	}, true},
	{"send", "Send a message", "Writes to the customer. It is no answer of an agent: the reply timer runs on.", "customer", onlyOne, []Field{messageField}, true},
	{"ask", "Ask", "Writes to the customer and waits for the answer.", "customer", []Output{{"answered", "Answered"}, {"timeout", "No answer"}}, []Field{
		{Name: "text", Label: "Question", Type: TypeText, Required: true, Template: true, Max: 4000, Help: "What is asked."},
		{Name: "buttons", Label: "Buttons", Type: TypeChoices, Max: 10, Help: "Answers to choose from, where the channel can show them."},
		{Name: "field", Label: "Save in", Type: TypeString, Help: "Field of the conversation that the answer is kept in."},
		{Name: "timeout", Label: "Wait at most", Type: TypeDuration, Default: 3600, Min: 10, Max: 30 * 24 * 3600, Required: true, Help: "Then the run goes on at No answer."},
	}, true},
	{"set_state", "Set the state", "Makes it open, pending or solved.", "conversation", onlyOne, []Field{
		{Name: "state", Label: "State", Type: TypeStatus, Required: true, Choices: stateChoices[:3], Help: "To close it there is a step of its own."},
	}, true},
	{"close", "Close", "Closes the conversation; the next message begins a new one.", "conversation", onlyOne, []Field{}, true},
	{"set_priority", "Set the priority", "Says who goes first among those who wait.", "conversation", onlyOne, []Field{
		{Name: "priority", Label: "Priority", Type: TypePriority, Required: true, Choices: priorityChoices, Help: "The new priority."},
	}, true},
	{"tag", "Tag", "Adds and removes tags.", "conversation", onlyOne, []Field{
		{Name: "add", Label: "Add", Type: TypeTags, Help: "Tags that it gets."},
		{Name: "remove", Label: "Remove", Type: TypeTags, Help: "Tags that it loses."},
	}, true},
	{"set_topic", "Set the topic", "Says what the conversation is about.", "conversation", onlyOne, []Field{
		{Name: "topic", Label: "Topic", Type: TypeString, Template: true, Max: 200, Help: "The new topic; empty removes it."},
	}, true},
	{"set_disposition", "Set the disposition", "Says how the conversation ended.", "conversation", onlyOne, []Field{
		{Name: "disposition", Label: "Disposition", Type: TypeDisposition, Help: "Empty removes it."},
	}, true},
	{"set_fields", "Set fields", "Sets fields of the conversation.", "conversation", onlyOne, []Field{
		{Name: "fields", Label: "Fields", Type: TypeFields, Required: true, Template: true, Max: 2000, Help: "Name and value; an empty value removes the field."},
	}, true},
	{"set_contact_fields", "Set fields of the customer", "Sets what is known of the customer.", "conversation", onlyOne, []Field{
		{Name: "fields", Label: "Fields", Type: TypeFields, Required: true, Template: true, Max: 2000, Help: "Name and value; an empty value removes the field."},
	}, true},
	{"wait", "Wait", "Goes on after a time.", "flow", onlyOne, []Field{
		{Name: "seconds", Label: "How long", Type: TypeDuration, Required: true, Default: 900, Min: 1, Max: 90 * 24 * 3600, Help: "15 minutes, for example."},
	}, false},
	{"wait_for", "Wait for an event", "Goes on when something happens to this conversation, or after a time.", "flow", []Output{{"event", "It happened"}, {"timeout", "It did not"}}, []Field{
		{Name: "event", Label: "Event", Type: TypeString, Required: true, Default: "message_received", Help: "What it waits for.",
			Choices: choices("message_received The customer writes", "reply An agent replies", "assigned It is assigned", "status_changed Its state changes", "tag_added It gets a tag", "handed_off A bot hands it off")},
		{Name: "to", Label: "To", Type: TypeStatus, Choices: stateChoices, Event: "status_changed", Help: "Only to this state."},
		{Name: "tag", Label: "Tag", Type: TypeTag, Event: "tag_added", Help: "Only this tag."},
		{Name: "timeout", Label: "Wait at most", Type: TypeDuration, Default: 3600, Min: 1, Max: 90 * 24 * 3600, Required: true, Help: "Then the run goes on at It did not."},
	}, false},
	{"branch", "Branch", "Goes one of two ways.", "flow", []Output{{"yes", "Yes"}, {"no", "No"}}, []Field{
		{Name: "if", Label: "If", Type: TypeCondition, Required: true, Help: "What must hold for Yes."},
	}, true},
	{"jump", "Jump", "Goes back to an earlier step, a limited number of times.", "flow", []Output{{"done", "Limit reached"}}, []Field{
		{Name: "to", Label: "To", Type: TypeStep, Required: true, Help: "The step to go on with."},
		{Name: "max", Label: "At most", Type: TypeInt, Default: 3, Required: true, Min: 1, Max: 100, Help: "Times in one run; then it goes on at Limit reached."},
	}, false},
	{"give_to_bot", "Give to a bot", "Lets a bot hold the conversation.", "people", onlyOne, []Field{
		{Name: "bot", Label: "Bot", Type: TypeBot, Required: true, Help: "Which bot."},
	}, true},
	{"hand_off", "Hand off", "Takes it from the bot that holds it, and finds a human.", "people", onlyOne, []Field{
		{Name: "queue", Label: "Queue", Type: TypeQueue, Help: "Where to; empty with no agent: as the ladder says."},
		{Name: "agent", Label: "Agent", Type: TypeAgent, Help: "Whom to; an agent or a queue, not both."},
		{Name: "last_agent", Label: "The customer's own agent", Type: TypeBool, Default: false, Help: "Whoever that is."},
		{Name: "reason", Label: "Reason", Type: TypeString, Template: true, Max: 500, Help: "Why, in one sentence."},
	}, true},
	{"webhook", "Call a webhook", "Sends a signed request to another system.", "outside", []Output{{"ok", "It worked"}, {"error", "It failed"}}, []Field{
		{Name: "url", Label: "Address", Type: TypeURL, Required: true, Max: 2000, Help: "Where the request goes: https://…"},
		{Name: "fields", Label: "Values", Type: TypeFields, Template: true, Max: 2000, Help: "Sent besides what is known of the conversation."},
		{Name: "save", Label: "Save in", Type: TypeString, Help: "Prefix of the fields that take the values of the answer's JSON object; empty keeps nothing."},
		{Name: "timeout", Label: "Time-out", Type: TypeDuration, Default: 10, Min: 1, Max: 30, Help: "Of one request."},
		{Name: "tries", Label: "Tries", Type: TypeInt, Default: 5, Min: 1, Max: 10, Help: "Requests at the most, with growing pauses; then it goes on at It failed."},
	}, true},
}

var facts = []Fact{
	{Name: "conversation.state", Label: "State", Type: FactStatus, Choices: stateChoices},
	{Name: "conversation.priority", Label: "Priority", Type: FactPriority, Choices: priorityChoices},
	{Name: "conversation.queue", Label: "Queue", Type: FactQueue},
	{Name: "conversation.assignee", Label: "Agent who has it", Type: FactAgent, Help: "Does not exist while nobody has it.", Optional: true},
	{Name: "conversation.bot", Label: "Bot that has it", Type: FactBot, Help: "Does not exist while no bot has it.", Optional: true},
	{Name: "conversation.inbox", Label: "Inbox", Type: FactInbox},
	{Name: "conversation.channel", Label: "Channel", Type: FactString, Help: "Kind of channel, such as web or api."},
	{Name: "conversation.tags", Label: "Tags", Type: FactList},
	{Name: "conversation.topic", Label: "Topic", Type: FactString, Optional: true},
	{Name: "conversation.disposition", Label: "Disposition", Type: FactString, Optional: true, Help: "Its code."},
	{Name: "conversation.fields.*", Label: "Field of the conversation", Type: FactString, Optional: true},
	{Name: "conversation.waiting", Label: "Waits for an agent", Type: FactBool},
	{Name: "conversation.hops", Label: "Reassignments since the last answer", Type: FactNumber},
	{Name: "conversation.replies", Label: "Replies by this agent", Type: FactNumber, Help: "Public replies of whoever has it, since they got it."},
	{Name: "conversation.opened_at", Label: "Opened at", Type: FactString, Help: "In UTC: 2026-04-01T09:30:00Z."},
	{Name: "contact.name", Label: "Customer's name", Type: FactString, Optional: true},
	{Name: "contact.known", Label: "Customer is known", Type: FactBool, Help: "Somebody vouched for who it is."},
	{Name: "contact.points", Label: "Customer's contact points", Type: FactList, Help: "Phone numbers and mail addresses."},
	{Name: "contact.fields.*", Label: "Field of the customer", Type: FactString, Optional: true},
	{Name: "agent.name", Label: "Agent's name", Type: FactString, Help: "Of whoever has it.", Optional: true},
	{Name: "agent.availability", Label: "Agent's availability", Type: FactString, Choices: choices("available Available", "busy Busy", "away Away", "offline Offline"), Optional: true},
	{Name: "agent.load", Label: "Agent's load", Type: FactNumber, Help: "Open and pending conversations.", Optional: true},
	{Name: "queue.name", Label: "Queue's name", Type: FactString},
	{Name: "queue.available", Label: "Agents available in the queue", Type: FactNumber, Help: "Who could take one more right now."},
	{Name: "queue.waiting", Label: "Conversations waiting in the queue", Type: FactNumber},
	{Name: "queue.open", Label: "Within business hours", Type: FactBool, Help: "True for a queue without business hours."},
	{Name: "time.hour", Label: "Hour", Type: FactNumber, Help: "0 to 23, in the queue's time zone, else UTC."},
	{Name: "time.weekday", Label: "Day of the week", Type: FactNumber, Help: "0 is Sunday."},
	{Name: "time.date", Label: "Date", Type: FactString, Help: "2026-04-01"},
	{Name: "message.text", Label: "Customer's last message", Type: FactString, Help: "The start of it, as the list shows it, or the whole of the one that woke the run.", Optional: true},
	{Name: "run.answer", Label: "Answer to the last question", Type: FactString, Optional: true},
	{Name: "run.error", Label: "Why the last step failed", Type: FactString, Optional: true},
	{Name: "since_opened", Label: "Time since it was opened", Type: FactDuration},
	{Name: "since_last_inbound", Label: "Time since the customer's last message", Type: FactDuration, Optional: true},
	{Name: "since_last_outbound", Label: "Time since the agent's last answer", Type: FactDuration, Help: "The last public reply of the human who has it, since they got it. Notes, bots and automatic messages do not count. Does not exist before the first.", Optional: true},
	{Name: "since_assigned", Label: "Time since the assignment", Type: FactDuration, Help: "Does not exist while nobody has it.", Optional: true},
	{Name: "since_last_activity", Label: "Time since the last message", Type: FactDuration},
}

var (
	texts  = []FactType{FactString, FactStatus, FactPriority, FactQueue, FactAgent, FactBot, FactInbox}
	counts = []FactType{FactNumber, FactDuration}
	all    = append(append([]FactType{FactBool, FactList}, texts...), counts...)
)

var operators = []Operator{
	{"is", "is", append(append([]FactType{FactBool}, texts...), counts...), "one"},
	{"is_not", "is not", append(append([]FactType{FactBool}, texts...), counts...), "one"},
	{"one_of", "is one of", append(append([]FactType{}, texts...), FactNumber), "many"},
	{"none_of", "is none of", append(append([]FactType{}, texts...), FactNumber), "many"},
	{"contains", "contains", []FactType{FactString, FactList}, "one"},
	{"contains_not", "does not contain", []FactType{FactString, FactList}, "one"},
	{"starts_with", "starts with", []FactType{FactString}, "one"},
	{"less", "is less than", counts, "one"},
	{"at_most", "is at most", counts, "one"},
	{"at_least", "is at least", counts, "one"},
	{"greater", "is greater than", counts, "one"},
	{"exists", "exists", all, "none"},
	{"does_not_exist", "does not exist", all, "none"},
}
