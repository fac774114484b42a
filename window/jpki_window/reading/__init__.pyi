from .asking import GuiThread as GuiThread, Reply as Reply
from .context import Context as Context
from .glance import Glance as Glance
from .watcher import Watcher as Watcher
from .worker import Worker as Worker
