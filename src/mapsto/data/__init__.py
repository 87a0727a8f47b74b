"""The door: from files and frames to typed columns, and from columns to features.

Foreign objects (files, dataframes) stop here. Raw values become a typed `Table`
(`read`, `columns`), the table its typed matrix T (`table`), T the features that a
family sees (`encoding`), and the target what a solver fits (`target`).
"""
