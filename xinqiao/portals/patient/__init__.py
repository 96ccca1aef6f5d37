"""The pages a patient opens on the phone (患者端)."""
