"""The course in another language: text cells, sentences and figures, each kept in step with the English by a gate.

`translations/zh/NN_name.md` has the text cells of a chapter's source (`cells`). `nnlab/languages/zh` has the sentences, the English as key
(`sentences`): a file a chapter for its exercises and the comments of its code, and a file for what nnlab itself says in checks, pages and
figures. What the hidden tests say stands in `translations/zh/NN_name.json`, which no student has. `gate` names all that is missing,
stale or wrong.
"""
