"""The public pages: the published list, a form to sign, and what a link of our mails leads to.

An application of its own on a port of its own. It shares nothing with the coordinators' pages but what lies below
both: no route, no session, no cookie, no script. ``routes`` says which pages there are, ``door`` lets requests in,
``pages`` answers them, ``render`` fills the templates of ``templates/public``. A page shows; what somebody sends is
handed to a step.
"""
