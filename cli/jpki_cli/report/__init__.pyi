from .facts import report_facts as report_facts
from .holder import render_html as render_html, render_text as render_text, sheet as sheet
from .html import document_html as document_html
from .page import document as document
from .text import document_text as document_text
