"""Everything that can be named in a defs.yaml."""

from cdp_platform.customers.component import Customers as Customers
from cdp_platform.destinations.component import Destinations as Destinations
from cdp_platform.identity.component import Identity as Identity
from cdp_platform.privacy.component import Privacy as Privacy
from cdp_platform.quality.component import Quality as Quality
from cdp_platform.scores.component import Scores as Scores
from cdp_platform.segments.component import Segments as Segments
from cdp_platform.sources.component import Sources as Sources
