"""Looking at a model: states for the views, the report, the notebook, figures.

`states` turns a record into what each view shows, `findings` into the sentence that
says it; `report` puts them on a page, `notebook` into a widget, `plots` on paper.
"""
