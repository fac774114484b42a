from . import clock as clock
from .click_classes import Command as Command, Group as Group, Option as Option
from .completion import complete as complete, names as names
from .context import (
    AppContext as AppContext,
    GlobalOptions as GlobalOptions,
    app_of as app_of,
    open_trace as open_trace,
    pass_app as pass_app,
)
from .failure_output import report as report
from .formats import Format as Format, choose_format as choose_format, format_option as format_option
from .input_files import refusal as refusal, require_file as require_file
from .instants import at_option as at_option, parse_at as parse_at
from .json_output import json_text as json_text
from .output import OutputTarget as OutputTarget
from .progress_bar import following as following, stoppable as stoppable
from .readers import open_system as open_system
from .simulated import open_loaded as open_loaded, open_simulated as open_simulated, sim_errors as sim_errors
from .watching import watch as watch
