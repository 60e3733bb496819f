-- Whom somebody shares a direct conversation with, from the other side of the pair.
CREATE INDEX direct_pair_high ON direct_pair (high, low);
