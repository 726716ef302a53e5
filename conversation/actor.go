package conversation

import (
	"maps"
	"slices"

	"rapport"
)

// by is how an actor appears in a thread.
func by(a rapport.Actor) rapport.PartyKind {
	switch a.Kind {
	case rapport.ActorAgent:
		return rapport.ByAgent
	case rapport.ActorBot:
		return rapport.ByBot
	}
	return rapport.BySystem
}

func authorID(a rapport.Actor) string {
	if a.Kind == rapport.ActorBot {
		return string(a.BotID)
	}
	return string(a.AgentID)
}

func sortedNames(fields map[string]string) []string { return slices.Sorted(maps.Keys(fields)) }
