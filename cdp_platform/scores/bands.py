"""Bands of equal size in which equal values share a band."""


def band(value: str, parts: int) -> str:
    """SQL: the band of a column among all rows, from 1 (lowest values) to `parts` (highest).

    Rows with equal values share the band of the lowest of them: where two thirds of the customers ordered once, these
    are all in band 1. When all rows are equal they are in the middle.
    """
    return f"""
        case when min({value}) over () = max({value}) over () then {(parts + 1) // 2}
        else least({parts}, 1 + {parts} * (rank() over (order by {value}) - 1)
            // greatest(count(*) over () - 1, 1)) end"""
