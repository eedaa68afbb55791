"""The coordinators' pages: what waits, what is known about each case, and the decisions about it.

``routes`` says which pages there are and who may open them, ``gate`` lets visitors through, ``pages`` answers them,
``render`` fills the templates of ``templates/web``. Pages read through ``store`` and decide through ``steps``.
"""
