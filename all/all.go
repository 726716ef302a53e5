// Package all is the one list of the adapters that the program has.
package all

import (
	_ "rapport/channel/api"
	_ "rapport/channel/web"
	_ "rapport/handoff/flow"
	_ "rapport/handoff/openai"
	_ "rapport/handoff/webhook"
)
