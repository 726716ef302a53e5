// Package all is the one list of the adapters that the program has.
package all

import (
	_ "rapport/channel/api"
	_ "rapport/channel/web"
)
