print("tundish")
