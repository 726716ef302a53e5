package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// routes is the list of all there is, with who may call it.
func (s *server) routes() []route {
	return slices.Concat(
		s.workflowRoutes(),
		s.listRoutes(),
		s.searchRoutes(),
		s.fileRoutes(),
		s.viewRoutes(),
		s.bulkRoutes(),
		s.ownRoutes(),
		s.customerRoutes(),
		s.textRoutes(),
		s.outboundRoutes(),
		s.togetherRoutes(),
		s.cardRoutes(),
		s.deskRoutes(),
	)
}

// deskRoutes is what a contact centre consists of.
func (s *server) deskRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	slow := func(op *huma.Operation) { op.Description += " It may take a minute and a half." }
	repeated := also(http.StatusOK, "Written", "It was here already, under the same client_id; nothing changed.")
	csvBody := func(op *huma.Operation) { op.MaxBodyBytes, op.BodyReadTimeout = mostImport, importTime }
	return []route{
		at(anyone, get, "/setup", "setup-needed", "Does Rapport have to be set up?", s.setupNeeded),
		at(anyone, post, "/setup", "setup-finish", "Set up the account and its first admin", s.setUp, created),
		at(anyone, post, "/session", "session-open", "Sign in with e-mail address and password", s.signIn),
		at(anyone, post, "/session/forgotten", "session-forgotten", "Have a link to a new password sent; whether there is such an account is not told", s.forgotten),
		at(anyone, post, "/session/link", "session-link", "Sign in with a link", s.signInByLink),
		at(agent, get, "/session", "session-read", "Who am I?", s.me),
		at(agent, del, "/session", "session-close", "Sign out; the status becomes offline", s.signOut),
		at(anyone, get, "/invites/{token}", "invites-read", "Whom an invitation is for", s.readInvite),
		at(anyone, post, "/invites/{token}", "invites-accept", "Accept an invitation and sign in", s.acceptInvite),
		at(agent, put, "/me/status", "me-status", "Choose my status", s.setStatus),
		at(agent, patch, "/me", "me-change", "Change my name", s.changeMe),
		at(agent, put, "/me/password", "me-password", "Change my password; all my other sessions end", s.setPassword),

		at(agent, get, "/conversations/{id}", "conversations-read", "Read a conversation, its customer, and what I may do", s.readConversation),
		at(agent, patch, "/conversations/{id}", "conversations-change", "Change what is noted: priority, fields, topic, summary, form, disposition", s.changeConversation),
		at(agent, get, "/conversations/{id}/items", "conversations-items", "Read the thread", s.listItems),
		at(agent, post, "/conversations/{id}/messages", "conversations-reply", "Reply to the customer", s.reply, created, repeated,
			also(http.StatusAccepted, "Written", "It leaves later, as undo_seconds or send_at says; outgoing is what waits.")),
		at(agent, post, "/conversations/{id}/notes", "conversations-note", "Write a note to colleagues", s.note, created, repeated),
		at(agent, post, "/conversations/{id}/claim", "conversations-claim", "Take a conversation", s.claim),
		at(agent, post, "/conversations/{id}/transfer", "conversations-transfer", "Hand it to an agent or a queue", s.transfer),
		at(agent, del, "/conversations/{id}/transfer", "conversations-cancel-transfer", "Call a waiting transfer back", s.cancelTransfer),
		at(agent, post, "/conversations/{id}/release", "conversations-release", "Put it back into its queue", s.release),
		at(agent, post, "/conversations/{id}/state", "conversations-state", "Set pending, solve, close or reopen", s.setState),
		at(agent, put, "/conversations/{id}/tags", "conversations-tags", "Set the tags", s.setTags),
		at(agent, post, "/conversations/{id}/seen", "conversations-seen", "Note that I have seen the thread", s.seen),
		at(agent, get, "/conversations/{id}/targets", "conversations-targets", "Who could take it, and why not", s.targets),
		at(agent, get, "/conversations/{id}/decisions", "conversations-decisions", "Why it is where it is", s.decisions),

		at(agent, get, "/agents", "agents-list", "List agents", s.listAgents),
		at(admin, post, "/agents", "agents-create", "Add and invite an agent", s.createAgent, created),
		at(admin, patch, "/agents/{id}", "agents-change", "Change an agent", s.changeAgent),
		at(admin, del, "/agents/{id}", "agents-delete", "Remove an agent; their conversations are routed again", s.deleteAgent),
		at(admin, post, "/agents/{id}/invite", "agents-invite", "Make a new invitation; the old one is dead", s.inviteAgent),

		at(supervisor, put, "/agents/{id}/status", "agents-status", "Choose an agent's status", s.setAgentStatus),
		at(supervisor, get, "/agents/{id}/status-changes", "agents-status-changes", "What an agent was in a period, and for how long", s.statusChanges),
		at(agent, get, "/statuses", "statuses-list", "List the custom statuses", s.listStatuses),
		at(supervisor, post, "/statuses", "statuses-create", "Add a custom status", s.createStatus, created),
		at(supervisor, patch, "/statuses/{id}", "statuses-change", "Change a custom status", s.changeStatus),
		at(supervisor, del, "/statuses/{id}", "statuses-delete", "Remove a custom status; who has it keeps its base", s.deleteStatus),

		at(agent, get, "/queues", "queues-list", "List queues", s.listQueues),
		at(admin, post, "/queues", "queues-create", "Add a queue", s.createQueue, created),
		at(admin, patch, "/queues/{id}", "queues-change", "Change a queue", s.changeQueue),
		at(admin, del, "/queues/{id}", "queues-delete", "Remove a queue; its conversations go to the default queue", s.deleteQueue),

		at(agent, get, "/channels", "inboxes-channels", "What kinds of channels there are", s.listChannels),
		at(agent, get, "/inboxes", "inboxes-list", "List inboxes", s.listInboxes),
		at(admin, post, "/inboxes", "inboxes-create", "Add an inbox; its secrets are shown this once", s.createInbox, created),
		at(admin, patch, "/inboxes/{id}", "inboxes-change", "Change an inbox", s.changeInbox),
		at(admin, del, "/inboxes/{id}", "inboxes-delete", "Remove an inbox; its conversations stay", s.deleteInbox),
		at(admin, post, "/inboxes/{id}/secrets/{name}", "inboxes-rotate", "Make a new secret, shown this once", s.rotateSecret),

		at(agent, get, "/bot-kinds", "bots-kinds", "What kinds of bots there are", s.listBotKinds),
		at(agent, get, "/bots", "bots-list", "List bots; their options are for admins", s.listBots),
		at(admin, post, "/bots", "bots-create", "Add a bot; its secrets are shown this once", s.createBot, created),
		at(admin, patch, "/bots/{id}", "bots-change", "Change a bot; what it holds goes to agents when it is switched off", s.changeBot),
		at(admin, del, "/bots/{id}", "bots-delete", "Remove a bot; what it holds goes to agents", s.deleteBot),
		at(admin, post, "/bots/{id}/secrets/{name}", "bots-rotate", "Make a new secret, shown this once", s.rotateBotSecret),
		at(admin, post, "/bots/{id}/try", "bots-try", "Ask a bot for one turn without a conversation", s.tryBot, slow),
		at(agent, post, "/conversations/{id}/bot", "conversations-bot", "Give it to a bot", s.giveToBot),
		at(agent, post, "/conversations/{id}/handoff", "conversations-handoff", "Take it from its bot and have it routed", s.handOff),
		at(agent, post, "/conversations/{id}/assist", "conversations-assist", "Have a language model suggest a text; nothing is sent", s.assist, slow),
		at(agent, get, "/notifications", "notifications-list", "What I was told, the latest first", s.listNotifications),
		at(agent, post, "/notifications/read", "notifications-read", "I have read what I was told up to a moment", s.readNotifications),
		raw(bot, post, "/bot-api/v1/conversations/{id}/messages", s.botMessages),
		raw(bot, post, "/bot-api/v1/conversations/{id}/handoff", s.botHandsOff),
		raw(bot, post, "/bot-api/v1/conversations/{id}/fields", s.botFields),

		at(agent, get, "/sticky-agents", "sticky-list", "List sticky agents", s.listSticky),
		at(supervisor, post, "/sticky-agents", "sticky-create", "Add a sticky agent", s.createSticky, created),
		at(supervisor, patch, "/sticky-agents/{id}", "sticky-change", "Change a sticky agent", s.changeSticky),
		at(supervisor, del, "/sticky-agents/{id}", "sticky-delete", "Remove a sticky agent", s.deleteSticky),
		at(supervisor, post, "/sticky-agents/import", "sticky-import", "Import sticky agents from CSV, or see what would happen", s.importSticky, csvBody),
		at(supervisor, get, "/sticky-agents.csv", "sticky-export", "Export sticky agents as CSV", s.exportSticky, table),

		at(agent, get, "/settings", "settings-read", "Read the account's settings", s.readSettings),
		at(admin, patch, "/settings", "settings-change", "Change the account's settings", s.changeSettings),
		at(admin, get, "/audit", "audit-list", "What admins and supervisors did, the latest first", s.listAudit),
		at(supervisor, get, "/board", "board-read", "Who is here, who waits and why", s.board),

		raw(agent, get, prefix+"/socket", s.socket),
		raw(anyone, get, "/openapi.json", s.serveDocument),
		raw(anyone, get, "/docs", s.serveDocs("docs.html")),
		raw(anyone, get, "/docs/docs.js", s.serveDocs("docs.js")),
		raw(anyone, get, "/docs/docs.css", s.serveDocs("docs.css")),
		raw(anyone, get, "/healthz", s.healthz),
		raw(anyone, get, "/readyz", s.readyz),
		raw(operator, get, "/metrics", s.numbers.serve()),
		raw(admin, get, "/debug/build", s.debugBuild),
		raw(admin, get, "/debug/vars", s.debugVars),
		raw(admin, get, "/debug/pprof/", s.debugProfiles),
	}
}
