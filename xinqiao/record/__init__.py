"""The clinical facts that hospitals and devices send us: encounters, results, reports, medicines (临床数据)."""
