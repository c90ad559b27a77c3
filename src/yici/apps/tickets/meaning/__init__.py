"""What messages say: a proposed category, precedents, near duplicates, matters and hot topics.

Plain Python without tables: it reads texts and answers with values; the tickets decide what to do with them.
"""
