"""Who is calling: guests, accounts, their keys and cookies, and which pages may call.

How often they may is ``littoral.limits``; what it costs is ``littoral.credits``.
"""
