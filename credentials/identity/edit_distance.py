"""How many slips of the fingers lie between two words. Pure."""


def within(one: str, other: str, most: int) -> bool:
    """Whether at most `most` letters were left out, added, replaced, or swapped with their neighbour.

    (The restricted Damerau-Levenshtein distance: no letter takes part in two slips.)
    """
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, across in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != across))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == across:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most and (not before or min(last) > most):
            return False
        before, last = last, line
    return last[-1] <= most
